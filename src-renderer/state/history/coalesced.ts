/** Work that is asked for more often than it needs to be done. */

/**
 * At most one go at a time; what is asked for meanwhile is answered by one go after it.
 *
 * @param work never rejects
 * @returns settles when a go that began after the call has ended
 */
export function coalesced(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const go = (): Promise<void> => {
    running = work().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (next !== null) return next;
    if (running === null) return go();
    next = running.then(() => {
      next = null;
      return go();
    });
    return next;
  };
}
