/** Exit codes of the command line. */
export const EXIT = {
  ok: 0,
  /** At least one file failed; the others were done. */
  filesFailed: 1,
  /** Nothing could be done: a wrong option, a model that is not there or is broken. */
  usage: 2,
  /** Ctrl-C, as shells count it: 128 + SIGINT. */
  cancelled: 130,
} as const;
