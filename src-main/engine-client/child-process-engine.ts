/** The engine as a child process of Node: for the command line and the web shell. */

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { processPort } from '../contract/process-port.ts';
import type { EngineProcess } from './engine-process.ts';
import { ExitReason } from './exit-reason.ts';

const ENTRY = fileURLToPath(new URL('../engine/engine-process.ts', import.meta.url));

/** A failed start does not throw: it comes as the end of the process. */
export function launchChildProcess(): EngineProcess {
  const child = fork(ENTRY, [String(process.pid)], {
    serialization: 'advanced',
    // The parent's own Node flags (a debugger, --eval) are not the engine's.
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let failedStart = false;
  const reason = new ExitReason(child.stderr);
  const exited = new Promise<string>((resolve) => {
    child.on('error', (error) => {
      // Errors of a running process (a message that could not be sent) do not end it.
      if (child.pid !== undefined) return;
      failedStart = true;
      resolve(`it could not be started: ${error.message}`);
    });
    child.on('exit', (code, signal) => {
      resolve(reason.after(signal === null ? `with exit code ${code}` : `by ${signal}`));
    });
  });
  return {
    port: processPort(child),
    exited,
    get pid() {
      return child.pid;
    },
    get alive() {
      return !failedStart && child.exitCode === null && child.signalCode === null;
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}
