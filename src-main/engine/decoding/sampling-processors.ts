/** Logits processors that shape the distribution to draw from, in this order: T, top-k, top-p. */

import type { LogitsProcessor } from './logits-processors.ts';

/** Divides every logit by the temperature. */
export class Temperature implements LogitsProcessor {
  readonly #temperature: number;

  /** @param temperature above 0 */
  constructor(temperature: number) {
    this.#temperature = temperature;
  }

  process(logits: Float32Array): void {
    for (let i = 0; i < logits.length; i++) logits[i] = (logits[i] as number) / this.#temperature;
  }
}

/** Forbids what is less probable than the k-th best token; its equals stay (Fan et al. 2018). */
export class TopK implements LogitsProcessor {
  readonly #k: number;

  /** @param k at least 1 */
  constructor(k: number) {
    this.#k = k;
  }

  process(logits: Float32Array): void {
    const ascending = logits.slice().sort();
    const least = ascending[Math.max(0, logits.length - this.#k)] as number;
    for (let i = 0; i < logits.length; i++) {
      if ((logits[i] as number) < least) logits[i] = Number.NEGATIVE_INFINITY;
    }
  }
}

/**
 * Nucleus (Holtzman et al. 2019, arXiv 1904.09751): forbids the least probable tokens as long as
 * they have at most 1 − p together. The best one always stays.
 */
export class TopP implements LogitsProcessor {
  readonly #p: number;

  /** @param p above 0, at most 1 */
  constructor(p: number) {
    this.#p = p;
  }

  process(logits: Float32Array): void {
    const allowed: number[] = [];
    for (let i = 0; i < logits.length; i++) {
      if ((logits[i] as number) > Number.NEGATIVE_INFINITY) allowed.push(i);
    }
    const at = (id: number) => logits[id] as number;
    allowed.sort((a, b) => at(a) - at(b) || a - b);
    const max = at(allowed.at(-1) ?? 0);
    const weights = allowed.map((id) => Math.exp(at(id) - max));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let together = 0;
    for (let i = 0; i < allowed.length - 1; i++) {
      together += weights[i] as number;
      if (together > (1 - this.#p) * total) break;
      logits[allowed[i] as number] = Number.NEGATIVE_INFINITY;
    }
  }
}
