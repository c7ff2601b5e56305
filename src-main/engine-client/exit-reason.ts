/** Why an engine process ended, for people: how, and the line of its stderr that says most. */

/** Characters of what a process wrote last that are looked at after a crash. */
const KEPT = 2000;

/** Follows the stderr of one process. */
export class ExitReason {
  #last = '';

  /** @param stderr native libraries write to it; only the last of it matters */
  constructor(stderr: NodeJS.ReadableStream | null) {
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#last = (this.#last + text).slice(-KEPT);
    });
  }

  /** @param how "with exit code 1" or "by SIGKILL" */
  after(how: string): string {
    const lines = this.#last.trim().split('\n');
    const telling = lines.find((line) => line.includes('Error')) ?? lines.at(-1);
    return `it was ended ${how}${telling ? ` (${telling})` : ''}`;
  }
}
