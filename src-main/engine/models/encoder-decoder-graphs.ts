/**
 * The two graphs of a Hugging Face export, `encoder_model` and `decoder_model_merged`: opening them,
 * and checking that they are those of the family.
 */

import type { Device } from '../../contract/devices.ts';
import { causeMessage, VeerError } from '../../contract/errors.ts';
import type { DecoderSession } from '../decoding/decoder-session.ts';
import { Graph, type Tensors } from '../onnx/graph.ts';
import { dimension, type Tensor } from '../onnx/tensor.ts';
import { CachedDecoderSession, type CacheShape } from './cached-decoder-session.ts';

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
