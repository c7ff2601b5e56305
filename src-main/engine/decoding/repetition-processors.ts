/** Logits processors against repetition. Both look at the prompt too, as Hugging Face's do. */

import type { LogitsContext, LogitsProcessor } from './logits-processors.ts';

/**
 * Penalty θ on tokens that are there already: a positive score is divided by θ, a negative one
 * multiplied (Keskar et al. 2019, arXiv 1909.05858). Below 1 it favours them.
 */
export class RepetitionPenalty implements LogitsProcessor {
  readonly #penalty: number;

  /** @param penalty above 0 */
  constructor(penalty: number) {
    this.#penalty = penalty;
  }

  process(logits: Float32Array, { prompt, generated }: LogitsContext): void {
    for (const id of new Set([...prompt, ...generated])) {
      const score = logits[id];
      if (score !== undefined)
        logits[id] = score < 0 ? score * this.#penalty : score / this.#penalty;
    }
  }
}

/** Forbids the tokens that would write n tokens in a row a second time (Paulus et al. 2017). */
export class NoRepeatNgram implements LogitsProcessor {
  readonly #size: number;

  /** @param size n, at least 1 */
  constructor(size: number) {
    this.#size = size;
  }

  process(logits: Float32Array, { prompt, generated }: LogitsContext): void {
    const ids = [...prompt, ...generated];
    const before = this.#size - 1;
    const last = ids.length - before;
    for (let start = 0; start < last; start++) {
      let same = 0;
      while (same < before && ids[start + same] === ids[last + same]) same++;
      const next = ids[start + before];
      if (same === before && next !== undefined) logits[next] = Number.NEGATIVE_INFINITY;
    }
  }
}
