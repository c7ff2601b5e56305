/**
 * Moonshine (Jeffries et al. 2024, arXiv 2410.15608) reads samples as they are, as many as there are.
 * Its encoder normalises over the whole input, padding too, so each window is encoded by itself, and
 * only windows of one length are decoded together.
 */

import { z } from 'zod';
import type { DeviceUse, ModelIdentity } from '../../contract/result.ts';
import type { RowOutput } from '../decoding/hypothesis.ts';
import { dimension, floatData, floatTensor, int64Tensor, type Tensor } from '../onnx/tensor.ts';
import type { Tokenizer } from '../text/tokenizer.ts';
import { rowsStandAlone } from './arithmetic.ts';
import { decodeByLength } from './decode-by-length.ts';
import type { CacheShape } from './decoder-caches.ts';
import type { EncoderDecoderGraphs, GraphInputs } from './encoder-decoder-graphs.ts';
import { generate } from './generation.ts';
import type { DecodeOptions, Encoded, PreparedBatch, SpeechModel } from './model.ts';
import { checkConfig, type ModelFolder } from './model-folder.ts';

export const MOONSHINE_INPUTS: GraphInputs = {
  encoder: ['input_values'],
  decoder: ['input_ids', 'encoder_hidden_states'],
};

const configSchema = z.looseObject({
  hidden_size: z.int().positive(),
  decoder_num_attention_heads: z.int().positive(),
  decoder_num_key_value_heads: z.int().positive(),
  max_position_embeddings: z.int().positive(),
});

/** What its authors allow; beyond it are repetitions. */
const TOKENS_PER_SECOND = 6.5;
/** Longest segments that it was trained on. */
const MOST_SECONDS = 30;
const SAMPLING_RATE = 16_000;
/** The convolutions make the first encoder position of so many samples, … */
const FIRST_POSITION = 895;
/** … and one more of each so many; at most one less than that is left over. */
const POSITION = 384;

export interface MoonshineParts {
  readonly folder: ModelFolder;
  readonly identity: ModelIdentity;
  readonly device: DeviceUse;
  readonly graphs: EncoderDecoderGraphs;
  readonly tokenizer: Tokenizer;
  readonly language: string | null;
}

export class MoonshineModel implements SpeechModel {
  readonly task = 'transcribe';
  readonly identity: ModelIdentity;
  readonly device: DeviceUse;
  readonly hiddenSize: number;
  readonly rowsStandAlone: boolean;
  readonly decodesPadding = false;
  /** Its folder does not say; it writes what it hears. */
  readonly language: string | null;
  readonly sourceLanguage: string | null;
  readonly windowSamples: number;
  readonly samplingRate = SAMPLING_RATE;
  readonly #folder: ModelFolder;
  readonly #graphs: EncoderDecoderGraphs;
  readonly #tokenizer: Tokenizer;
  readonly #cache: CacheShape;
  readonly #decoderPositions: number;

  /** @throws VeerError MODEL_CONFIG_INVALID */
  constructor({ folder, identity, device, graphs, tokenizer, language }: MoonshineParts) {
    const config = checkConfig(folder, configSchema);
    const positions = config.max_position_embeddings;
    this.identity = identity;
    this.rowsStandAlone = rowsStandAlone(folder);
    this.device = device;
    this.hiddenSize = config.hidden_size;
    this.language = language;
    this.sourceLanguage = language;
    this.windowSamples = Math.floor(
      SAMPLING_RATE * Math.min(MOST_SECONDS, positions / TOKENS_PER_SECOND),
    );
    this.#folder = folder;
    this.#graphs = graphs;
    this.#tokenizer = tokenizer;
    this.#cache = {
      heads: config.decoder_num_key_value_heads,
      headSize: config.hidden_size / config.decoder_num_attention_heads,
    };
    this.#decoderPositions = positions;
  }

  prepare(windows: readonly Float32Array[]): PreparedBatch {
    const inputs = windows.map((samples) => {
      const row = new Float32Array(Math.max(FIRST_POSITION, samples.length));
      row.set(samples);
      return floatTensor(row, [1, row.length]);
    });
    const lengths = inputs.map((input) => positionsOf(dimension(input, 1)));
    const longest = Math.max(...lengths);
    const mask = lengths.flatMap((length) =>
      Array.from({ length: longest }, (_, t) => (t < length ? 1 : 0)),
    );
    return {
      feeds: Object.fromEntries(inputs.map((input, row) => [`input_values.${row}`, input])),
      validMask: int64Tensor(mask, [windows.length, longest]),
    };
  }

  async encode({ feeds, validMask }: PreparedBatch): Promise<Encoded> {
    const [rows, positions] = [dimension(validMask, 0), dimension(validMask, 1)];
    const states = new Float32Array(rows * positions * this.hiddenSize);
    for (let row = 0; row < rows; row++) {
      const input = feeds[`input_values.${row}`] as Tensor;
      const ones = this.#graphs.masksInput && { attention_mask: onesLike(input.dims) };
      const inputs = { input_values: input, ...ones };
      const output = await this.#graphs.encode(inputs, this.hiddenSize);
      states.set(floatData(output), row * positions * this.hiddenSize);
    }
    return { hiddenStates: floatTensor(states, [rows, positions, this.hiddenSize]), validMask };
  }

  decode(encoded: Encoded, options: DecodeOptions): Promise<readonly RowOutput[]> {
    return decodeByLength(encoded, options, (states, group) => this.#decodeGroup(states, group));
  }

  #decodeGroup(hiddenStates: Tensor, options: DecodeOptions): Promise<readonly RowOutput[]> {
    const { generation } = this.#folder;
    const [rows, positions] = [dimension(hiddenStates, 0), dimension(hiddenStates, 1)];
    // Where an export asks for a mask, it is one of samples.
    const mask = this.#graphs.masksEncoder ? onesLike([rows, positions * POSITION]) : null;
    const samples = positions * POSITION + FIRST_POSITION - 1;
    return generate(this.#graphs.decoderSession(hiddenStates, mask, this.#cache), {
      ...options,
      generation: {
        ...generation,
        max_new_tokens: Math.ceil((samples / SAMPLING_RATE) * TOKENS_PER_SECOND),
      },
      rows,
      prompt: [generation.decoder_start_token_id],
      decoderPositions: this.#decoderPositions,
    });
  }

  text(tokenIds: readonly number[]): string {
    return this.#tokenizer.decode(tokenIds).trim();
  }

  dispose(): Promise<void> {
    return this.#graphs.dispose();
  }
}

/** Of three convolutions: 127 samples each 64, then 7 each 3, then 3 each 2. */
function positionsOf(samples: number): number {
  return [
    [127, 64],
    [7, 3],
    [3, 2],
  ].reduce((length, [width = 1, stride = 1]) => Math.floor((length - width) / stride) + 1, samples);
}

function onesLike(dims: readonly number[]): Tensor {
  const size = dims.reduce((product, length) => product * length, 1);
  return int64Tensor(new Uint8Array(size).fill(1), dims);
}
