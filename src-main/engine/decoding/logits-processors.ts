/**
 * Logits processors: each edits the logits of one row before a token is chosen. They run in the
 * order given. A token is forbidden by −∞.
 */

export interface LogitsContext {
  /** Tokens chosen so far for this row, without the prompt. */
  readonly generated: readonly number[];
}

export interface LogitsProcessor {
  /** @param logits [vocabulary], edited in place */
  process(logits: Float32Array, context: LogitsContext): void;
}

/** Forbids tokens at every step (`suppress_tokens` of generation_config.json). */
export class SuppressTokens implements LogitsProcessor {
  readonly #ids: readonly number[];

  constructor(ids: readonly number[]) {
    this.#ids = ids;
  }

  process(logits: Float32Array): void {
    for (const id of this.#ids) logits[id] = Number.NEGATIVE_INFINITY;
  }
}

/** Forbids tokens at the first step only (`begin_suppress_tokens`). */
export class SuppressTokensAtBegin implements LogitsProcessor {
  readonly #ids: readonly number[];

  constructor(ids: readonly number[]) {
    this.#ids = ids;
  }

  process(logits: Float32Array, context: LogitsContext): void {
    if (context.generated.length > 0) return;
    for (const id of this.#ids) logits[id] = Number.NEGATIVE_INFINITY;
  }
}
