/** Starts the watchdog over the parent of this process. */

import process from 'node:process';
import { Worker } from 'node:worker_threads';

/**
 * From now on this process is killed within a second of its parent's death, whatever it is doing.
 *
 * @param parentPid as the parent gave it; without one, the parent of now
 */
export function watchParent(parentPid: string | undefined): void {
  const given = Number(parentPid);
  const workerData = Number.isSafeInteger(given) && given > 0 ? given : process.ppid;
  const watchdog = new Worker(new URL('./parent-watchdog.ts', import.meta.url), {
    workerData,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16 },
  });
  // Without it the end of the channel still ends the process, when it is free to hear of it.
  watchdog.on('error', () => undefined);
  watchdog.unref();
}
