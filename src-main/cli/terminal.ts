/** What the command line shows: messages, a progress line on a terminal, nothing of it in a pipe. */

import { stripVTControlCharacters } from 'node:util';

export interface Streams {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
}

const BAR_WIDTH = 24;

/** One line on stderr that is rewritten in place. In a pipe it does nothing. */
export class ProgressLine {
  readonly #stream: Streams['stderr'];
  #shown = false;

  constructor(stream: Streams['stderr']) {
    this.#stream = stream;
  }

  /**
   * @param fraction from 0 to 1, or null where the end is not known
   * @param note what follows the bar
   */
  show(label: string, fraction: number | null, note: string): void {
    if (this.#stream.isTTY !== true) return;
    const bar =
      fraction === null
        ? '·'.repeat(BAR_WIDTH)
        : '█'.repeat(Math.round(fraction * BAR_WIDTH)).padEnd(BAR_WIDTH, '░');
    const percent = fraction === null ? '' : ` ${String(Math.floor(fraction * 100)).padStart(3)} %`;
    // File names and model texts may hold control characters; the terminal must not obey them.
    const line = printable(`${label} ${bar}${percent} ${note}`);
    this.#stream.write(`\r\u001b[2K${clipped(line, (this.#stream.columns ?? 80) - 1)}`);
    this.#shown = true;
  }

  clear(): void {
    if (!this.#shown) return;
    this.#stream.write('\r\u001b[2K');
    this.#shown = false;
  }
}

/** Text on one line, without control characters. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/\p{Cc}+/gu, ' ');
}

/** At most `width` characters, the end replaced by an ellipsis. */
function clipped(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  return `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}
