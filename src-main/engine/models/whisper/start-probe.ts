/**
 * A decoder session that also keeps the logits after the first tokens of the prompt: those after
 * Whisper's start token say which language is spoken, or that nobody speaks. The prompt is read in
 * two goes for it, its rest token by token, since a cached decoder may take one at a time only.
 */

import type { DecoderSession } from '../../decoding/decoder-session.ts';

export class StartProbe implements DecoderSession {
  readonly #session: DecoderSession;
  readonly #length: number;
  #logits: Float32Array | null = null;

  /** @param length tokens of the prompt up to and with the start token */
  constructor(session: DecoderSession, length: number) {
    this.#session = session;
    this.#length = length;
  }

  /** [rows × vocabulary] of the rows of the first step; null before it. */
  get startLogits(): Float32Array | null {
    return this.#logits;
  }

  async step(tokens: readonly (readonly number[])[]): Promise<Float32Array> {
    if (this.#logits !== null) return this.#session.step(tokens);
    let logits = await this.#session.step(tokens.map((row) => row.slice(0, this.#length)));
    this.#logits = logits.slice();
    const length = tokens[0]?.length ?? 0;
    for (let at = this.#length; at < length; at++) {
      logits = await this.#session.step(tokens.map((row) => row.slice(at, at + 1)));
    }
    return logits;
  }

  keepRows(rows: readonly number[]): void {
    this.#session.keepRows(rows);
  }

  reorderRows(parents: readonly number[]): void {
    this.#session.reorderRows(parents);
  }

  dispose(): void {
    this.#session.dispose();
  }
}
