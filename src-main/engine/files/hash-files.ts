/**
 * Hashing the files of a model: hundreds of megabytes, at a rate that keeps a processor busy for as long as
 * opening the graphs does. So the engine process has it done in another thread meanwhile.
 */

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { sha256OfFiles } from './sha256.ts';

/** SHA-256 of every group of files, as `sha256OfFiles`. */
export type HashFiles = (groups: readonly (readonly string[])[]) => Promise<readonly string[]>;

/** In this thread. */
export const hashHere: HashFiles = (groups) => Promise.all(groups.map(sha256OfFiles));

/**
 * In a thread of its own; in this one where that does not work.
 *
 * @param entry `hash-worker.ts`, or what it was built into
 */
export function hashInWorker(entry: URL): HashFiles {
  return async (groups) => {
    try {
      const worker = new Worker(entry, { workerData: groups, execArgv: [] });
      const [hashes]: readonly string[][] = await once(worker, 'message');
      return hashes ?? [];
    } catch {
      // A file that cannot be read cannot be read here either, and then says why as it always did.
      return hashHere(groups);
    }
  };
}
