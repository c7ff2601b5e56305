/**
 * The sessions of a merged decoder on the CPU. Long work is worth a graph for later steps that reads less
 * (`faster-step.ts`); making it takes a second or so, which a few short texts would wait for in vain.
 */

import { causeMessage } from '../../contract/errors.ts';
import type { DecoderSession } from '../decoding/decoder-session.ts';
import type { Tensor } from '../onnx/tensor.ts';
import { CachedDecoderSession } from './cached-decoder-session.ts';
import type { CacheShape } from './decoder-caches.ts';
import { fasterStep, type MergedDecoder } from './faster-step.ts';
import { ScreenedDecoderSession } from './screened-decoder-session.ts';
import type { ScreenedGraph } from './screened-graph.ts';

/** When a faster graph is worth its making. */
export interface Worth {
  /** Tokens that the decoder has read by then. */
  readonly tokens: number;
  /** Of the vocabulary; smaller ones the processor keeps at hand anyway. */
  readonly bytes: number;
}

const WORTH: Worth = { tokens: 256, bytes: 2 ** 24 };

export class LaterSteps {
  readonly #merged: MergedDecoder;
  readonly #worth: Worth;
  #tried = false;
  #screened: ScreenedGraph | null = null;
  /** The session made last, and the tokens that those before it have read. */
  #last: { readonly session: CachedDecoderSession; readonly shape: CacheShape } | null = null;
  #tokensRead = 0;

  constructor(merged: MergedDecoder, worth = WORTH) {
    this.#merged = merged;
    this.#worth = worth;
  }

  /**
   * Makes the faster graph when it is time. A decoder that cannot have one works as it is.
   *
   * @param hiddenStates [rows, T, D], an encoder output to try it with
   */
  async prepare(hiddenStates: Tensor): Promise<void> {
    const last = this.#last;
    if (this.#tried || last === null || this.#tokensRead < this.#worth.tokens) return;
    this.#tried = true;
    const masked = this.#merged.graph.inputNames.includes('encoder_attention_mask');
    try {
      const example = { hiddenStates, masked, shape: last.shape };
      this.#screened = await fasterStep(this.#merged, example, this.#worth.bytes);
    } catch (error) {
      process.emitWarning(`${this.#merged.path} is used as it is. ${causeMessage(error)}`);
    }
  }

  /** As `EncoderDecoderGraphs.decoderSession`. */
  session(hiddenStates: Tensor, attentionMask: Tensor | null, shape: CacheShape): DecoderSession {
    const first = this.#merged.graph;
    const screened = this.#screened?.pays ? this.#screened : null;
    const graphs = { cross: null, first, next: screened?.graph ?? first };
    const session = new CachedDecoderSession(graphs, hiddenStates, attentionMask, shape);
    this.#tokensRead += this.#last?.session.tokensRead ?? 0;
    this.#last = { session, shape };
    return screened ? new ScreenedDecoderSession(session, screened) : session;
  }

  /** What it has made; the merged graph is the caller's. */
  async dispose(): Promise<void> {
    await this.#screened?.dispose();
  }
}
