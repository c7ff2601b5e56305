/** How a Hugging Face export names the caches of its decoder, and what a step of it is fed. */

import { VeerError } from '../../contract/errors.ts';
import { ALL_LOGITS, CHOOSE, FORBIDDEN } from '../onnx/editing/screened-vocabulary.ts';
import type { Graph, Tensors } from '../onnx/graph.ts';
import { boolTensor, type FloatType, int64Tensor, type Tensor } from '../onnx/tensor.ts';

/** Shape of one cache entry: [rows, heads, positions, headSize]. */
export interface CacheShape {
  readonly heads: number;
  readonly headSize: number;
}

/** The graphs of the first step and of the others; the same one where one file has both. */
export interface DecoderGraphs {
  /**
   * Gives the caches of the cross-attention, once, before the first step; null where the first step gives
   * them itself.
   */
  readonly cross: Graph | null;
  readonly first: Graph;
  readonly next: Graph;
}

/** Begin of the names of caches that go in. */
export const PAST = 'past_key_values.';
const PRESENT = 'present.';
/** Other inputs that a decoder may have. */
const FED: ReadonlySet<string> = new Set([
  'input_ids',
  'encoder_hidden_states',
  'encoder_attention_mask',
  'use_cache_branch',
  'cache_position',
]);

/** The first input of a decoder that it would not be given here. */
export function unknownInput({ inputNames }: Pick<Graph, 'inputNames'>): string | undefined {
  return inputNames.find((name) => !FED.has(name) && !name.startsWith(PAST));
}

/** Of a cache that goes in: the name under which it comes out. */
export function presentName(past: string): string {
  return PRESENT + past.slice(PAST.length);
}

export function pastName(present: string): string {
  return PAST + present.slice(PRESENT.length);
}

/** Of the self-attention, by either name: grows with every token. The others never change. */
export function isSelfAttention(cache: string): boolean {
  return cache.includes('.decoder.');
}

/** Of an input of hidden states or a cache. */
export function floatType({ inputTypes }: Graph, name: string): FloatType {
  return inputTypes[name] === 'float16' ? 'float16' : 'float32';
}

/**
 * Inputs of a step: of all there are, those that the graph takes.
 *
 * @param known encoder output and caches, by input name
 * @param tokens one list per row, all of one length
 * @param read tokens that every row has read before
 */
export function stepFeeds(
  { inputNames }: Graph,
  known: Tensors,
  tokens: readonly (readonly number[])[],
  read: number,
): Tensors {
  const length = tokens[0]?.length ?? 0;
  const positions = Array.from({ length }, (_, i) => read + i);
  const feeds: Tensors = {
    // Of a graph with a screened vocabulary: who does not know of it wants the logits.
    [ALL_LOGITS]: boolTensor(true),
    [FORBIDDEN]: int64Tensor([], [0]),
    [CHOOSE]: boolTensor(false),
    ...known,
    input_ids: int64Tensor(tokens.flat(), [tokens.length, length]),
    use_cache_branch: boolTensor(read > 0),
    cache_position: int64Tensor(positions, [length]),
  };
  return Object.fromEntries(
    inputNames.flatMap((name) => (feeds[name] ? [[name, feeds[name]]] : [])),
  );
}

/** @throws VeerError MODEL_FILE_DAMAGED where the graph did not give it */
export function required(outputs: Tensors, name: string): Tensor {
  const tensor = outputs[name];
  if (tensor === undefined) {
    throw new VeerError('MODEL_FILE_DAMAGED', `The decoder graph has no output "${name}".`);
  }
  return tensor;
}
