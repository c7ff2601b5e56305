/**
 * The graphs of a model, an encoder and a decoder: opening them, and checking that they are those of the
 * family. A decoder is one of Hugging Face's exports (`decoder_model_merged`, or two files), or Veer's own.
 */

import type { Device } from '../../contract/devices.ts';
import { VeerError } from '../../contract/errors.ts';
import type { DecoderFiles } from '../../contract/model-layout.ts';
import type { DecoderSession } from '../decoding/decoder-session.ts';
import { keepsOutputs, type OutputPlace } from '../onnx/create-session.ts';
import { DeviceTensors } from '../onnx/device-tensors.ts';
import type { Graph, Tensors } from '../onnx/graph.ts';
import { castFloat, dimension, type Tensor } from '../onnx/tensor.ts';
import { CachedDecoderSession } from './cached-decoder-session.ts';
import { type CacheShape, type DecoderGraphs, PAST, unknownInput } from './decoder-caches.ts';
import { DeviceDecoderSession } from './device-decoder-session.ts';
import { LateGraph } from './late-graph.ts';
import { LaterSteps } from './later-steps.ts';
import { openGraph } from './open-graph.ts';
import { inWholeBlocks } from './whole-blocks.ts';

const HIDDEN_STATES = 'encoder_hidden_states';

export interface GraphPaths {
  readonly encoderPath: string;
  readonly decoder: DecoderFiles;
}

/** Inputs that the graphs of a family must have; those of another model have others. */
export interface GraphInputs {
  readonly encoder: readonly string[];
  readonly decoder: readonly string[];
}

export const WHISPER_INPUTS: GraphInputs = {
  encoder: ['input_features'],
  decoder: ['input_ids', 'encoder_hidden_states'],
};
export const TEXT_INPUTS: GraphInputs = {
  encoder: ['input_ids', 'attention_mask'],
  decoder: ['input_ids', 'encoder_hidden_states', 'encoder_attention_mask'],
};
/** Old exports have no mask in the decoder. */
export const BART_INPUTS: GraphInputs = {
  encoder: TEXT_INPUTS.encoder,
  decoder: ['input_ids', 'encoder_hidden_states'],
};

export class EncoderDecoderGraphs {
  readonly #encoder: Graph;
  readonly #decoder: DecoderGraphs;
  /** Null where caches cannot stay on the device. */
  readonly #deviceTensors: DeviceTensors | null;
  /** Null where later steps cannot have a faster graph. */
  readonly #laterSteps: LaterSteps | null;
  /** Where tokens look; null where the first step says it, or nothing does. */
  readonly #alignment: LateGraph | null;

  private constructor(
    encoder: Graph,
    decoder: DecoderGraphs,
    device: Device,
    laterSteps: LaterSteps | null,
    alignment: LateGraph | null,
  ) {
    this.#alignment = alignment;
    this.#encoder = encoder;
    this.#decoder = decoder;
    this.#laterSteps = laterSteps;
    this.#deviceTensors = keepsOutputs(device) ? new DeviceTensors(device) : null;
  }

  /**
   * @throws VeerError MODEL_FILE_DAMAGED or MODEL_FILE_MISSING naming the file; MODEL_FORMAT_UNSUPPORTED for
   *   graphs of Veer's own on another device than the CPU
   */
  static async load(
    { encoderPath, decoder }: GraphPaths,
    inputs: GraphInputs,
    device: Device,
    threads: number | null,
  ): Promise<EncoderDecoderGraphs> {
    if (decoder.kind === 'own') requireProcessor(device);
    const { crossPath, firstPath, nextPath } = stepFiles(decoder);
    const opened: Graph[] = [];
    const open = async (
      path: string,
      names: readonly string[],
      outputs: OutputPlace,
    ): Promise<Graph> => {
      const graph = await openGraph(path, device, threads, outputs, decoder.kind === 'own');
      opened.push(graph);
      requireInputs(graph, names, path);
      return graph;
    };
    try {
      const encoder = await open(encoderPath, inputs.encoder, 'cpu');
      const own = crossPath === undefined ? null : await open(crossPath, [HIDDEN_STATES], 'device');
      const needed = inputs.decoder.filter((name) => own === null || name !== HIDDEN_STATES);
      const first = await open(firstPath, needed, 'device');
      const next = nextPath === undefined ? first : await open(nextPath, ['input_ids'], 'device');
      requireCaches(next, nextPath ?? firstPath);
      requireKnown(first, firstPath);
      requireKnown(next, nextPath ?? firstPath);
      const laterSteps =
        device === 'cpu' && decoder.kind === 'merged'
          ? new LaterSteps({ path: firstPath, graph: first, threads })
          : null;
      const alignment =
        decoder.kind === 'own' && decoder.alignment !== null
          ? new LateGraph(decoder.alignment, device, threads)
          : null;
      const graphs = { cross: own, first, next };
      return new EncoderDecoderGraphs(encoder, graphs, device, laterSteps, alignment);
    } catch (error) {
      for (const graph of opened) await graph.dispose();
      throw error;
    }
  }

  /**
   * @param hiddenSize D as config.json says
   * @returns last hidden state, float32 [B, T, D]
   * @throws VeerError MODEL_CONFIG_INVALID where the graph has another D
   */
  async encode(feeds: Tensors, hiddenSize: number): Promise<Tensor> {
    const { inputTypes } = this.#encoder;
    const wanted = Object.fromEntries(
      Object.entries(feeds).map(([name, tensor]) => [
        name,
        inputTypes[name] === 'float16' ? castFloat(tensor, 'float16') : tensor,
      ]),
    );
    const { last_hidden_state: output } = await this.#encoder.run(wanted, ['last_hidden_state']);
    const hiddenStates = castFloat(output, 'float32');
    const size = dimension(hiddenStates, 2);
    if (size === hiddenSize) {
      await this.#laterSteps?.prepare(hiddenStates);
      return hiddenStates;
    }
    throw new VeerError(
      'MODEL_CONFIG_INVALID',
      `config.json says a hidden size of ${hiddenSize}, the encoder gives ${size}. Copy the whole folder again.`,
    );
  }

  /** Whether the decoder can be told which encoder positions to see. */
  get masksEncoder(): boolean {
    return this.#decoder.first.inputNames.includes('encoder_attention_mask');
  }

  /** Whether the encoder can be told which input positions to see. */
  get masksInput(): boolean {
    return this.#encoder.inputNames.includes('attention_mask');
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
    const [decoder, device] = [this.#decoder, this.#deviceTensors];
    const [states, mask] =
      decoder.cross === null || attentionMask === null
        ? [hiddenStates, attentionMask]
        : inWholeBlocks(hiddenStates, attentionMask);
    if (device !== null) {
      return new DeviceDecoderSession(decoder, device, states, mask, shape);
    }
    return (
      this.#laterSteps?.session(states, mask, shape) ??
      new CachedDecoderSession(decoder, states, mask, shape)
    );
  }

  /** Whether the decoder gives the cross-attention of these layers. */
  hasCrossAttentions(layers: readonly number[]): boolean {
    if (this.#alignment !== null) return true;
    return layers.every((layer) => this.#decoder.first.outputNames.includes(crossAttention(layer)));
  }

  /**
   * @param hiddenStates [1, T, D]
   * @param tokens what the decoder reads, in one go
   * @returns for each layer [1, heads, tokens, T]: where each token's step looks
   */
  async crossAttentions(
    hiddenStates: Tensor,
    tokens: readonly number[],
    { layers, shape }: { readonly layers: readonly number[]; readonly shape: CacheShape },
  ): Promise<readonly Tensor[]> {
    const aligning = await this.#alignment?.graph();
    const graphs = aligning ? { ...this.#decoder, first: aligning, next: aligning } : this.#decoder;
    const session = new CachedDecoderSession(graphs, hiddenStates, null, shape);
    const names = layers.map(crossAttention);
    const given = await session.crossAttentions([tokens], names);
    const outputs = this.#deviceTensors === null ? given : await this.#deviceTensors.taken(given);
    return names.flatMap((name) => (outputs[name] ? castFloat(outputs[name], 'float32') : []));
  }

  async dispose(): Promise<void> {
    const { cross, first, next } = this.#decoder;
    await this.#encoder.dispose();
    await this.#alignment?.dispose();
    await cross?.dispose();
    await this.#deviceTensors?.dispose();
    await this.#laterSteps?.dispose();
    await first.dispose();
    if (next !== first) await next.dispose();
  }
}

/** The files of the first step and, where they have one of their own, of the others. */
function stepFiles(decoder: DecoderFiles): {
  readonly crossPath?: string;
  readonly firstPath: string;
  readonly nextPath?: string;
} {
  switch (decoder.kind) {
    case 'merged':
      return { firstPath: decoder.path };
    case 'split':
      return { firstPath: decoder.first, nextPath: decoder.next };
    case 'own':
      return { crossPath: decoder.cross, firstPath: decoder.step };
  }
}

function crossAttention(layer: number): string {
  return `cross_attentions.${layer}`;
}

/**
 * On WebGPU attention as one operator is not what it is on the CPU, and refuses masks
 * (docs/decisions/021-graphs-of-our-own.md).
 */
function requireProcessor(device: Device): void {
  if (device === 'cpu') return;
  throw new VeerError(
    'MODEL_FORMAT_UNSUPPORTED',
    `Graphs that Veer has made run on the CPU only so far. For ${device} take a folder of the model with ONNX graphs.`,
  );
}

function requireInputs(graph: Graph, names: readonly string[], path: string): void {
  const missing = names.find((name) => !graph.inputNames.includes(name));
  if (missing === undefined) return;
  throw new VeerError(
    'MODEL_FILE_DAMAGED',
    `${path} belongs to another model: it has no input "${missing}". Copy the whole folder again.`,
  );
}

function requireKnown(graph: Graph, path: string): void {
  const unknown = unknownInput(graph);
  if (unknown === undefined) return;
  throw new VeerError(
    'MODEL_FILE_DAMAGED',
    `${path} cannot be used: it asks for "${unknown}", which decoders of its family do not have. Use another export.`,
  );
}

function requireCaches(graph: Graph, path: string): void {
  if (graph.inputNames.some((name) => name.startsWith(PAST))) return;
  throw new VeerError(
    'MODEL_FILE_DAMAGED',
    `${path} cannot be used: it takes no caches ("${PAST}…"). Use an export with caches.`,
  );
}
