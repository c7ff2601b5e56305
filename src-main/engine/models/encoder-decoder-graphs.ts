/**
 * The two graphs of a Hugging Face export, `encoder_model` and `decoder_model_merged`, and the
 * decoder's key/value caches.
 *
 * The merged decoder has two branches. Without a cache it reads the prompt and the encoder output
 * and gives all caches; with one it reads one token and gives the self-attention caches only. The
 * cross-attention caches never change, so they are fetched once, at the first step.
 */

import type { Device } from '../../contract/devices.ts';
import { causeMessage, VeerError } from '../../contract/errors.ts';
import type { DecoderSession } from '../decoding/decoder-session.ts';
import { Graph, type Tensors } from '../onnx/graph.ts';
import {
  boolTensor,
  dimension,
  floatData,
  floatTensor,
  int64Tensor,
  selectRows,
  type Tensor,
} from '../onnx/tensor.ts';

/** Shape of one cache entry: [rows, heads, positions, headSize]. */
export interface CacheShape {
  readonly heads: number;
  readonly headSize: number;
}

export interface GraphPaths {
  readonly encoderPath: string;
  readonly decoderPath: string;
}

/** Inputs that the graphs of a family must have; those of another model have others. */
export interface GraphInputs {
  readonly encoder: readonly string[];
  readonly decoder: readonly string[];
}

const DECODER_INPUTS = ['input_ids', 'encoder_hidden_states', 'use_cache_branch'];

export const WHISPER_INPUTS: GraphInputs = {
  encoder: ['input_features'],
  decoder: DECODER_INPUTS,
};
export const T5_INPUTS: GraphInputs = {
  encoder: ['input_ids', 'attention_mask'],
  decoder: [...DECODER_INPUTS, 'encoder_attention_mask'],
};

const PAST = 'past_key_values.';

export class EncoderDecoderGraphs {
  readonly #encoder: Graph;
  readonly #decoder: Graph;

  private constructor(encoder: Graph, decoder: Graph) {
    this.#encoder = encoder;
    this.#decoder = decoder;
  }

  /** @throws VeerError MODEL_FILE_DAMAGED naming the file */
  static async load(
    paths: GraphPaths,
    inputs: GraphInputs,
    device: Device,
    threads: number | null,
  ): Promise<EncoderDecoderGraphs> {
    const encoder = await loadGraph(paths.encoderPath, inputs.encoder, device, threads);
    try {
      const decoder = await loadGraph(paths.decoderPath, inputs.decoder, device, threads);
      return new EncoderDecoderGraphs(encoder, decoder);
    } catch (error) {
      await encoder.dispose();
      throw error;
    }
  }

  /**
   * @param hiddenSize D as config.json says
   * @returns last hidden state, float32 [B, T, D]
   * @throws VeerError MODEL_CONFIG_INVALID where the graph has another D
   */
  async encode(feeds: Tensors, hiddenSize: number): Promise<Tensor> {
    const { last_hidden_state: hiddenStates } = await this.#encoder.run(feeds, [
      'last_hidden_state',
    ]);
    const size = dimension(hiddenStates, 2);
    if (size === hiddenSize) return hiddenStates;
    throw new VeerError(
      'MODEL_CONFIG_INVALID',
      `config.json says d_model ${hiddenSize}, the encoder gives ${size}. Copy the whole folder again.`,
    );
  }

  /**
   * @param hiddenStates [rows, T, D]
   * @param attentionMask [rows, T], or null for a family whose decoder sees all positions
   */
  decoderSession(
    hiddenStates: Tensor,
    attentionMask: Tensor | null,
    shape: CacheShape,
  ): DecoderSession {
    return new CachedDecoderSession(this.#decoder, hiddenStates, attentionMask, shape);
  }

  async dispose(): Promise<void> {
    await this.#encoder.dispose();
    await this.#decoder.dispose();
  }
}

async function loadGraph(
  path: string,
  inputs: readonly string[],
  device: Device,
  threads: number | null,
): Promise<Graph> {
  const graph = await openGraph(path, device, threads);
  const missing = inputs.find((name) => !graph.inputNames.includes(name));
  if (missing === undefined) return graph;
  await graph.dispose();
  throw new VeerError(
    'MODEL_FILE_DAMAGED',
    `${path} belongs to another model: it has no input "${missing}". Copy the whole folder again.`,
  );
}

async function openGraph(path: string, device: Device, threads: number | null): Promise<Graph> {
  try {
    return await Graph.load(path, device, threads);
  } catch (cause) {
    throw new VeerError(
      'MODEL_FILE_DAMAGED',
      `${path} cannot be opened on ${device} (${causeMessage(cause)}). Copy the file again; it may have been cut short.`,
      { cause },
    );
  }
}

class CachedDecoderSession implements DecoderSession {
  readonly #decoder: Graph;
  readonly #pastNames: readonly string[];
  readonly #selfOutputs: readonly string[];
  readonly #allOutputs: readonly string[];
  /** Inputs that stay the same from step to step, by input name. */
  #fixed: Record<string, Tensor>;
  /** Caches by input name. */
  #past: Record<string, Tensor>;
  #started = false;

  constructor(
    decoder: Graph,
    hiddenStates: Tensor,
    attentionMask: Tensor | null,
    shape: CacheShape,
  ) {
    this.#decoder = decoder;
    this.#pastNames = decoder.inputNames.filter((name) => name.startsWith(PAST));
    const present = this.#pastNames.map(presentName);
    this.#selfOutputs = present.filter((name) => name.includes('.decoder.'));
    this.#allOutputs = present;
    const rows = dimension(hiddenStates, 0);
    const empty = floatTensor(new Float32Array(0), [rows, shape.heads, 0, shape.headSize]);
    this.#past = Object.fromEntries(this.#pastNames.map((name) => [name, empty]));
    this.#fixed = { encoder_hidden_states: hiddenStates };
    if (attentionMask !== null && decoder.inputNames.includes('encoder_attention_mask')) {
      this.#fixed['encoder_attention_mask'] = attentionMask;
    }
  }

  async step(tokens: readonly (readonly number[])[]): Promise<Float32Array> {
    const length = tokens[0]?.length ?? 0;
    const fetched = this.#started ? this.#selfOutputs : this.#allOutputs;
    const outputs = await this.#decoder.run(
      {
        ...this.#fixed,
        ...this.#past,
        input_ids: int64Tensor(tokens.flat(), [tokens.length, length]),
        use_cache_branch: boolTensor(this.#started),
      },
      ['logits', ...fetched],
    );
    for (const name of fetched) this.#past[pastName(name)] = required(outputs, name);
    this.#started = true;
    return lastPosition(required(outputs, 'logits'));
  }

  keepRows(rows: readonly number[]): void {
    const select = (tensors: Record<string, Tensor>) =>
      Object.fromEntries(
        Object.entries(tensors).map(([name, tensor]) => [name, selectRows(tensor, rows)]),
      );
    this.#fixed = select(this.#fixed);
    this.#past = select(this.#past);
  }

  reorderRows(parents: readonly number[]): void {
    for (const output of this.#selfOutputs) {
      const name = pastName(output);
      this.#past[name] = selectRows(required(this.#past, name), parents);
    }
  }
}

function presentName(past: string): string {
  return `present.${past.slice(PAST.length)}`;
}

function pastName(present: string): string {
  return PAST + present.slice('present.'.length);
}

function required(outputs: Tensors, name: string): Tensor {
  const tensor = outputs[name];
  if (tensor === undefined) {
    throw new VeerError('MODEL_FILE_DAMAGED', `The decoder graph has no output "${name}".`);
  }
  return tensor;
}

/** [rows, length, vocabulary] → the last position of each row, [rows × vocabulary]. */
function lastPosition(logits: Tensor): Float32Array {
  const data = floatData(logits);
  const [rows, length, vocabulary] = [0, 1, 2].map((axis) => dimension(logits, axis)) as [
    number,
    number,
    number,
  ];
  if (length === 1) return data;
  const last = new Float32Array(rows * vocabulary);
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * length * vocabulary;
    last.set(data.subarray(end - vocabulary, end), row * vocabulary);
  }
  return last;
}
