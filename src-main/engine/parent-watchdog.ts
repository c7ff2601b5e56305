/**
 * Worker thread that ends the engine process once its parent is gone. The channel's end says so too,
 * but a native call blocks the main thread for as long as it takes; this thread is never blocked.
 */

import process from 'node:process';
import { workerData } from 'node:worker_threads';

/** Milliseconds between two looks. */
const INTERVAL = 250;

const parent = Number(workerData);

setInterval(() => {
  if (isGone()) process.kill(process.pid, 'SIGKILL');
}, INTERVAL);

/** A child whose parent died gets another one, except on Windows. */
function isGone(): boolean {
  if (process.ppid !== parent) return true;
  try {
    process.kill(parent, 0);
    return false;
  } catch (error) {
    // It may be there and belong to somebody else.
    return !(error instanceof Error && 'code' in error && error.code === 'EPERM');
  }
}
