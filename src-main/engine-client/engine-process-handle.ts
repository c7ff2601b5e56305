/** One engine process, seen from its parent. */

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { engineContract } from '../contract/engine-contract.ts';
import { processPort } from '../contract/process-port.ts';

const ENTRY = fileURLToPath(new URL('../engine/engine-process.ts', import.meta.url));

export class EngineProcessHandle {
  readonly client: ContractRouterClient<typeof engineContract>;
  /** Resolves, and never rejects, when the process has ended, with the reason for people. */
  readonly exited: Promise<string>;
  readonly #child: ChildProcess;

  constructor() {
    // Native libraries write to stderr; only the last of it matters, and only after a crash.
    const child = fork(ENTRY, {
      serialization: 'advanced',
      // The parent's own Node flags (a debugger, --eval) are not the engine's.
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-2000);
    });
    this.exited = new Promise((resolve) => {
      child.on('error', (error) => resolve(`it could not be started: ${error.message}`));
      child.on('exit', (code, signal) => {
        const lines = stderr.trim().split('\n');
        const last = lines.find((line) => line.includes('Error')) ?? lines.at(-1);
        const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
        resolve(`it was ended ${how}${last ? ` (${last})` : ''}`);
      });
    });
    this.#child = child;
    this.client = createORPCClient(new RPCLink({ port: processPort(child) }));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }
}
