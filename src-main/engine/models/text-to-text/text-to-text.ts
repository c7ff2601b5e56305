/**
 * Text to text, whatever the family: one row is one sentence. The encoder masks padding, and so does
 * nearly every decoder: rows of mixed lengths share a batch.
 */

import type { DeviceUse, ModelIdentity } from '../../../contract/result.ts';
import type { RowOutput } from '../../decoding/hypothesis.ts';
import { dimension, int64Tensor, type Tensor } from '../../onnx/tensor.ts';
import type { Tokenizer } from '../../text/tokenizer.ts';
import { decodeByLength } from '../decode-by-length.ts';
import type { EncoderDecoderGraphs } from '../encoder-decoder-graphs.ts';
import { generate } from '../generation.ts';
import type { DecodeOptions, Encoded, PreparedBatch, TextModel } from '../model.ts';
import type { TextFamily } from './text-family.ts';

export interface TextToTextParts {
  readonly identity: ModelIdentity;
  readonly device: DeviceUse;
  readonly graphs: EncoderDecoderGraphs;
  readonly tokenizer: Tokenizer;
  readonly family: TextFamily;
  readonly rowsStandAlone: boolean;
}

export class TextToTextModel implements TextModel {
  readonly task = 'translate';
  readonly identity: ModelIdentity;
  readonly device: DeviceUse;
  readonly hiddenSize: number;
  readonly rowsStandAlone: boolean;
  readonly decodesPadding = false;
  readonly language: string | null;
  readonly sourceLanguage: string | null;
  readonly #graphs: EncoderDecoderGraphs;
  readonly #tokenizer: Tokenizer;
  readonly #family: TextFamily;

  constructor({ rowsStandAlone, identity, device, graphs, tokenizer, family }: TextToTextParts) {
    this.rowsStandAlone = rowsStandAlone;
    this.identity = identity;
    this.device = device;
    this.hiddenSize = family.hiddenSize;
    this.language = family.language;
    this.sourceLanguage = family.sourceLanguage;
    this.#graphs = graphs;
    this.#tokenizer = tokenizer;
    this.#family = family;
  }

  prepare(sentences: readonly string[]): PreparedBatch {
    const rows = sentences.map((sentence) => this.#encodeText(sentence));
    const length = Math.max(...rows.map((ids) => ids.length));
    const size = [rows.length, length];
    const pad = this.#family.generation.pad_token_id;
    const at = (value: (ids: readonly number[], t: number) => number) =>
      rows.flatMap((ids) => Array.from({ length }, (_, t) => value(ids, t)));
    const ids = int64Tensor(
      at((row, t) => row[t] ?? pad),
      size,
    );
    const mask = int64Tensor(
      at((row, t) => (t < row.length ? 1 : 0)),
      size,
    );
    return { feeds: { input_ids: ids, attention_mask: mask }, validMask: mask };
  }

  async encode(batch: PreparedBatch): Promise<Encoded> {
    const hiddenStates = await this.#graphs.encode(batch.feeds, this.hiddenSize);
    return { hiddenStates, validMask: batch.validMask };
  }

  decode(encoded: Encoded, options: DecodeOptions): Promise<readonly RowOutput[]> {
    if (this.#graphs.masksEncoder) {
      return this.#decode(encoded.hiddenStates, encoded.validMask, options);
    }
    return decodeByLength(encoded, options, (states, group) => this.#decode(states, null, group));
  }

  #decode(
    hiddenStates: Tensor,
    mask: Tensor | null,
    options: DecodeOptions,
  ): Promise<readonly RowOutput[]> {
    const { cache, generation, prompt, decoderPositions } = this.#family;
    return generate(this.#graphs.decoderSession(hiddenStates, mask, cache), {
      ...options,
      generation,
      rows: dimension(hiddenStates, 0),
      prompt,
      decoderPositions,
    });
  }

  text(tokenIds: readonly number[]): string {
    return this.#tokenizer.decode(tokenIds).trim();
  }

  dispose(): Promise<void> {
    return this.#graphs.dispose();
  }

  /** A text beyond the limit loses its end, not the tokens around it. */
  #encodeText(sentence: string): readonly number[] {
    const { prefix, frame, sourcePositions } = this.#family;
    const room = sourcePositions - frame.before.length - frame.after.length;
    const ids = this.#tokenizer.encodePlain(prefix + sentence).slice(0, room);
    return [...frame.before, ...ids, ...frame.after];
  }
}
