/**
 * Logits processors: each edits the scores of one row before a token is chosen. They run in the
 * order given. Greedy search and sampling give them logits, beam search the log-softmax of these,
 * as Hugging Face does. A token is forbidden by −∞. Definitions: docs/decoding.md.
 */

import { logSumExpAbove } from './log-sum-exp.ts';

export interface LogitsContext {
  /** Decoder prompt of this row. */
  readonly prompt: readonly number[];
  /** Tokens chosen so far for this row, without the prompt. */
  readonly generated: readonly number[];
}

export interface LogitsProcessor {
  /** @param logits [vocabulary], edited in place */
  process(logits: Float32Array, context: LogitsContext): void;

  /**
   * What it forbids in this context, where it does nothing else to the order of the others and the
   * same to all rows that have generated as many tokens; null where it does more. Then logits need
   * not be there to be edited.
   */
  forbidden?(context: LogitsContext): readonly number[] | null;
}

/** Forbids tokens at every step (`suppress_tokens` of generation_config.json). */
export class SuppressTokens implements LogitsProcessor {
  readonly #ids: readonly number[];

  constructor(ids: readonly number[]) {
    this.#ids = ids;
  }

  process(logits: Float32Array): void {
    forbid(logits, this.#ids);
  }

  forbidden(): readonly number[] {
    return this.#ids;
  }
}

/** Forbids tokens at one step only, the first by default (`begin_suppress_tokens`). */
export class SuppressTokensAtBegin implements LogitsProcessor {
  readonly #ids: readonly number[];
  readonly #step: number;

  /** @param step from 0; 1 where the first token is forced */
  constructor(ids: readonly number[], step = 0) {
    this.#ids = ids;
    this.#step = step;
  }

  process(logits: Float32Array, context: LogitsContext): void {
    forbid(logits, this.forbidden(context));
  }

  forbidden({ generated }: LogitsContext): readonly number[] {
    return generated.length === this.#step ? this.#ids : [];
  }
}

/** Forbids the end before a number of tokens (`min_length` counts the prompt, `min_new_tokens` not). */
export class MinLength implements LogitsProcessor {
  readonly #newTokens: number;
  readonly #endOfTextIds: readonly number[];

  /** @param newTokens generated tokens that must stand before end-of-text */
  constructor(newTokens: number, endOfTextIds: readonly number[]) {
    this.#newTokens = newTokens;
    this.#endOfTextIds = endOfTextIds;
  }

  process(logits: Float32Array, context: LogitsContext): void {
    forbid(logits, this.forbidden(context));
  }

  forbidden({ generated }: LogitsContext): readonly number[] {
    return generated.length < this.#newTokens ? this.#endOfTextIds : [];
  }
}

/** Leaves one choice at one step (`forced_bos_token_id`, `forced_eos_token_id`). */
export class ForcedTokens implements LogitsProcessor {
  readonly #step: number;
  readonly #ids: readonly number[];

  /** @param step number of tokens generated before, from 0 */
  constructor(step: number, ids: readonly number[]) {
    this.#step = step;
    this.#ids = ids;
  }

  process(logits: Float32Array, { generated }: LogitsContext): void {
    if (generated.length !== this.#step) return;
    logits.fill(Number.NEGATIVE_INFINITY);
    for (const id of this.#ids) logits[id] = 0;
  }

  forbidden({ generated }: LogitsContext): readonly number[] | null {
    return generated.length === this.#step ? null : [];
  }
}

/** Makes the scores a log-softmax again (`renormalize_logits`); it comes after all others. */
export class Renormalise implements LogitsProcessor {
  process(logits: Float32Array): void {
    const max = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const shift = max + logSumExpAbove(logits, max);
    for (let i = 0; i < logits.length; i++) logits[i] = (logits[i] as number) - shift;
  }

  forbidden(): readonly number[] {
    return [];
  }
}

function forbid(logits: Float32Array, ids: readonly number[]): void {
  for (const id of ids) logits[id] = Number.NEGATIVE_INFINITY;
}
