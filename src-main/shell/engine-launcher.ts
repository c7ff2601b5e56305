/** Starts engine processes as Electron's utility processes. */

import type { ForkOptions, UtilityProcess } from 'electron';
import type { ProcessPort } from '../contract/process-port.ts';
import type { EngineProcess, LaunchEngine } from '../engine-client/engine-process.ts';
import { ExitReason } from '../engine-client/exit-reason.ts';

/**
 * @param fork Electron's `utilityProcess.fork`; only after the app is ready
 * @param entry absolute path of the built entry, outside the archive
 */
export function engineLauncher(
  fork: (entry: string, args: string[], options: ForkOptions) => UtilityProcess,
  entry: string,
): LaunchEngine {
  return () => {
    const child = fork(entry, [], {
      serviceName: 'Veer engine',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return new UtilityEngineProcess(child);
  };
}

class UtilityEngineProcess implements EngineProcess {
  readonly port: ProcessPort;
  readonly exited: Promise<string>;
  readonly #child: UtilityProcess;
  #alive = true;

  constructor(child: UtilityProcess) {
    this.#child = child;
    const reason = new ExitReason(child.stderr);
    this.exited = new Promise((resolve) => {
      child.on('exit', (code) => {
        this.#alive = false;
        resolve(reason.after(`with exit code ${code}`));
      });
    });
    this.port = {
      on(event, callback) {
        if (event === 'message') child.on('message', (data: unknown) => callback({ data }));
        if (event === 'close') child.on('exit', () => callback());
      },
      postMessage: (data) => {
        if (this.#alive) child.postMessage(data);
      },
    };
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** A native call that does not end would outlive a polite request, so it is not one. */
  kill(): void {
    const { pid } = this.#child;
    if (!this.#alive) return;
    try {
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    } catch {
      // It ended in this moment.
    }
    this.#child.kill();
  }
}
