/**
 * A decoder with its key/value caches: one graph for all steps, or one for the first step and one for
 * those that follow.
 *
 * Caches of the cross-attention never change, so they are fetched once: from the first step, or from a
 * graph of their own before it. The first step reads the prompt and the encoder output and gives all caches; the others read one
 * token and the caches and give the self-attention caches.
 */

import type { DecoderSession } from '../decoding/decoder-session.ts';
import type { Tensors } from '../onnx/graph.ts';
import {
  castFloat,
  dimension,
  floatData,
  floatTensor,
  selectRows,
  type Tensor,
} from '../onnx/tensor.ts';
import {
  type CacheShape,
  type DecoderGraphs,
  floatType,
  isSelfAttention,
  PAST,
  pastName,
  presentName,
  required,
  stepFeeds,
} from './decoder-caches.ts';

const HIDDEN_STATES = 'encoder_hidden_states';

export class CachedDecoderSession implements DecoderSession {
  readonly vocabulary: number | null;
  readonly #graphs: DecoderGraphs;
  readonly #selfOutputs: readonly string[];
  readonly #allOutputs: readonly string[];
  readonly #crossOutputs: readonly string[];
  /** Inputs that stay the same from step to step, by input name. */
  #fixed: Record<string, Tensor>;
  /** Caches by input name. */
  #past: Record<string, Tensor>;
  /** Tokens that every row has read. */
  #length = 0;

  constructor(
    graphs: DecoderGraphs,
    hiddenStates: Tensor,
    attentionMask: Tensor | null,
    shape: CacheShape,
  ) {
    const { cross, first, next } = graphs;
    this.#graphs = graphs;
    this.vocabulary = first.lastDimension('logits');
    const pastNames = next.inputNames.filter((name) => name.startsWith(PAST));
    const present = pastNames.map(presentName);
    this.#selfOutputs = present.filter(isSelfAttention);
    this.#allOutputs = cross === null ? present : this.#selfOutputs;
    this.#crossOutputs = present.filter((name) => !isSelfAttention(name));
    const rows = dimension(hiddenStates, 0);
    const empty = floatTensor(new Float32Array(0), [rows, shape.heads, 0, shape.headSize]);
    this.#past = Object.fromEntries(
      pastNames.map((name) => [name, castFloat(empty, floatType(next, name))]),
    );
    this.#fixed = {
      [HIDDEN_STATES]: castFloat(hiddenStates, floatType(cross ?? first, HIDDEN_STATES)),
      ...(attentionMask && { encoder_attention_mask: attentionMask }),
    };
  }

  /**
   * Cross-attention while the tokens are read in one go, on a session that has not begun.
   *
   * @param outputs names of outputs, each [rows, heads, tokens, T]
   */
  async crossAttentions(
    tokens: readonly (readonly number[])[],
    outputs: readonly string[],
  ): Promise<Tensors> {
    await this.#begin();
    return this.#run({ ...this.#fixed, ...this.#past }, tokens, outputs);
  }

  async step(tokens: readonly (readonly number[])[]): Promise<Float32Array> {
    const outputs = await this.try(tokens, {}, ['logits']);
    this.accept(tokens, outputs);
    return lastPosition(castFloat(required(outputs, 'logits'), 'float32'));
  }

  /** Tokens that every row has read. */
  get tokensRead(): number {
    return this.#length;
  }

  /**
   * A step that does not count until it is accepted.
   *
   * @param fed inputs beside those of every step, where the graph takes them
   * @param wanted outputs beside the caches
   */
  async try(
    tokens: readonly (readonly number[])[],
    fed: Tensors,
    wanted: readonly string[],
  ): Promise<Tensors> {
    await this.#begin();
    const known = { ...this.#fixed, ...this.#past, ...fed };
    return this.#run(known, tokens, [...wanted, ...this.#fetched]);
  }

  /** @param outputs what `try` gave for these tokens */
  accept(tokens: readonly (readonly number[])[], outputs: Tensors): void {
    for (const name of this.#fetched) this.#past[pastName(name)] = required(outputs, name);
    this.#length += tokens[0]?.length ?? 0;
  }

  get #fetched(): readonly string[] {
    return this.#length > 0 ? this.#selfOutputs : this.#allOutputs;
  }

  async peek(
    rows: readonly number[],
    tokens: readonly (readonly number[])[],
  ): Promise<Float32Array> {
    await this.#begin();
    const known = select({ ...this.#fixed, ...this.#past }, rows);
    const outputs = await this.#run(known, tokens, ['logits']);
    return floatData(castFloat(required(outputs, 'logits'), 'float32'));
  }

  /** Makes the caches of the cross-attention where a graph of their own does; the first time only. */
  async #begin(): Promise<void> {
    const { cross } = this.#graphs;
    const { [HIDDEN_STATES]: hiddenStates, ...fixed } = this.#fixed;
    if (cross === null || hiddenStates === undefined) return;
    const outputs: Tensors = await cross.run({ [HIDDEN_STATES]: hiddenStates }, this.#crossOutputs);
    for (const name of this.#crossOutputs) this.#past[pastName(name)] = required(outputs, name);
    this.#fixed = fixed;
  }

  #run(
    known: Tensors,
    tokens: readonly (readonly number[])[],
    outputs: readonly string[],
  ): Promise<Tensors> {
    const graph = this.#length > 0 ? this.#graphs.next : this.#graphs.first;
    return graph.run(stepFeeds(graph, known, tokens, this.#length), outputs);
  }

  keepRows(rows: readonly number[]): void {
    this.#fixed = select(this.#fixed, rows);
    this.#past = select(this.#past, rows);
  }

  reorderRows(parents: readonly number[]): void {
    for (const output of this.#selfOutputs) {
      const name = pastName(output);
      this.#past[name] = selectRows(required(this.#past, name), parents);
    }
  }

  dispose(): void {
    this.#fixed = {};
    this.#past = {};
  }
}

function select(tensors: Tensors, rows: readonly number[]): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, selectRows(tensor, rows)]),
  );
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
