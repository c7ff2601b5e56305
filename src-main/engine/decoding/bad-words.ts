/**
 * Tokens, and rows of tokens, that must not be written (`bad_words_ids`), as
 * `NoBadWordsLogitsProcessor` of Hugging Face's transformers 5 defines it.
 */

import type { LogitsContext, LogitsProcessor } from './logits-processors.ts';

export class BadWords implements LogitsProcessor {
  readonly #words: readonly (readonly number[])[];

  /** @param endOfTextIds an entry of one of these alone is passed over, or nothing would end */
  constructor(words: readonly (readonly number[])[], endOfTextIds: readonly number[]) {
    this.#words = words.filter(([first = -1, ...rest]) => {
      return rest.length > 0 || !endOfTextIds.includes(first);
    });
  }

  process(logits: Float32Array, { prompt, generated }: LogitsContext): void {
    for (const word of this.#words) {
      const begun = word.slice(0, -1);
      const last = word.at(-1);
      // The library passes over what is longer than all that stands so far.
      if (begun.length > 0 && word.length > prompt.length + generated.length) continue;
      if (last !== undefined && endsWith(begun, prompt, generated)) {
        logits[last] = Number.NEGATIVE_INFINITY;
      }
    }
  }

  /** What a longer row forbids depends on what each output ends with. */
  forbidden(): readonly number[] | null {
    return this.#words.some((word) => word.length > 1) ? null : this.#words.flat();
  }
}

/** Whether prompt and output end with `tokens`. */
function endsWith(
  tokens: readonly number[],
  prompt: readonly number[],
  generated: readonly number[],
): boolean {
  const length = prompt.length + generated.length;
  return tokens.every((token, i) => {
    const at = length - tokens.length + i;
    return token === (at < prompt.length ? prompt[at] : generated[at - prompt.length]);
  });
}
