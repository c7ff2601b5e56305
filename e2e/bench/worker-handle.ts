/** The benchmark's end of a worker process. */

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type {
  BenchmarkWorker,
  WorkerMessage,
  WorkerReady,
  WorkerSetup,
  WorkReply,
  WorkRequest,
} from './protocol.ts';

const SCRIPTS = {
  veer: new URL('./veer-worker.ts', import.meta.url),
  peer: new URL('./peer-worker.ts', import.meta.url),
  engine: new URL('./engine-worker.ts', import.meta.url),
} as const;

export class WorkerHandle implements BenchmarkWorker {
  readonly ready: WorkerReady;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, ready: WorkerReady) {
    this.#child = child;
    this.ready = ready;
  }

  /** @throws Error with the worker's message when it cannot load */
  static async start(side: keyof typeof SCRIPTS, setup: WorkerSetup): Promise<WorkerHandle> {
    const child = fork(fileURLToPath(SCRIPTS[side]), [JSON.stringify(setup)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const message = await answer(child);
    if (message.type !== 'ready') throw new Error(`The ${side} worker did not start.`);
    return new WorkerHandle(child, message.ready);
  }

  async run(request: WorkRequest): Promise<WorkReply> {
    const answered = answer(this.#child);
    this.#child.send(request);
    const message = await answered;
    if (message.type !== 'done') throw new Error('A worker said something unexpected.');
    return message.reply;
  }

  stop(): void {
    this.#child.disconnect();
  }
}

/** The next message. @throws Error when the worker fails or ends instead */
function answer(child: ChildProcess): Promise<Exclude<WorkerMessage, { type: 'failed' }>> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null, signal: string | null) => {
      child.off('message', onMessage);
      reject(new Error(`A worker ended with ${signal ?? `exit code ${code}`}.`));
    };
    const onMessage = (message: WorkerMessage) => {
      child.off('exit', onExit);
      if (message.type === 'failed') {
        child.disconnect();
        reject(new Error(message.message));
      } else resolve(message);
    };
    child.once('exit', onExit);
    child.once('message', onMessage);
  });
}
