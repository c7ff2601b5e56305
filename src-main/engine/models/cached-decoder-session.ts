/**
 * A merged decoder with its key/value caches.
 *
 * The merged decoder has two branches. Without a cache it reads the prompt and the encoder output
 * and gives all caches; with one it reads one token and gives the self-attention caches only. The
 * cross-attention caches never change, so they are fetched once, at the first step.
 */

import { VeerError } from '../../contract/errors.ts';
import type { DecoderSession } from '../decoding/decoder-session.ts';
import type { Graph, Tensors } from '../onnx/graph.ts';
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

const PAST = 'past_key_values.';

export class CachedDecoderSession implements DecoderSession {
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
