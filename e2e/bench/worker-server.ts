/** The worker's end: loads, says so, then runs the workload once per request. */

import { causeMessage } from '../../src-main/contract/errors.ts';
import type {
  WorkerMessage,
  WorkerReady,
  WorkerSetup,
  WorkReply,
  WorkRequest,
} from './protocol.ts';

export interface WorkerSide {
  readonly ready: WorkerReady;
  run(request: WorkRequest): Promise<WorkReply>;
}

/** Call once per process. Ends the process when the benchmark ends, however it ended. */
export async function serve(load: (setup: WorkerSetup) => Promise<WorkerSide>): Promise<void> {
  process.on('disconnect', () => process.exit());
  try {
    const side = await load(JSON.parse(process.argv[2] ?? '') as WorkerSetup);
    process.on('message', (request: WorkRequest) => {
      side.run(request).then((reply) => send({ type: 'done', reply }), fail);
    });
    send({ type: 'ready', ready: side.ready });
  } catch (error) {
    fail(error);
  }
}

function send(message: WorkerMessage): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  send({ type: 'failed', message: causeMessage(error) });
}
