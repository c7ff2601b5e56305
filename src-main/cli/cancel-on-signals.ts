/** Ctrl-C, and the other ways in which a terminal or the system ends a command. */

import { EXIT } from './exit-codes.ts';

/** @returns what the first of these signals aborts; the second one ends the process */
export function cancelOnSignals(): AbortSignal {
  const cancel = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // The second Ctrl-C does not wait for anything.
      if (cancel.signal.aborted) process.exit(EXIT.cancelled);
      cancel.abort();
      // Waiting for text that is still to be typed would never end.
      process.stdin.destroy();
    });
  }
  return cancel.signal;
}
