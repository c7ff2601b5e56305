/**
 * A decoder whose caches stay on the device: from step to step only tokens go there, and only the
 * logits of the last position come back, or the best token of them.
 */

import type { DecoderSession } from '../decoding/decoder-session.ts';
import type { TokenChoice } from '../decoding/hypothesis.ts';
import type { DeviceTensors } from '../onnx/device-tensors.ts';
import type { Tensors } from '../onnx/graph.ts';
import { castFloat, dimension, floatTensor, selectRows, type Tensor } from '../onnx/tensor.ts';
import {
  type CacheShape,
  type DecoderGraphs,
  floatType,
  isSelfAttention,
  PAST,
  presentName,
  required,
  stepFeeds,
} from './decoder-caches.ts';

/** Rows to take, of the self-attention caches only or of all that has rows. */
interface Move {
  readonly rows: readonly number[];
  readonly selfOnly: boolean;
}

const HIDDEN_STATES = 'encoder_hidden_states';

export class DeviceDecoderSession implements DecoderSession {
  readonly #graphs: DecoderGraphs;
  readonly #device: DeviceTensors;
  readonly #caches: readonly string[];
  readonly #empty: Tensors;
  /** Encoder output and caches on the device, by input name; none before the first step. */
  #kept: Record<string, Tensor> = {};
  readonly #hiddenStates: Tensor;
  /** Small, and of integers: on the CPU. */
  #attentionMask: Tensor | null;
  /** Asked for since the last step: the caller does not wait for the device. */
  #moves: readonly Move[] = [];
  /** Tokens that every row has read. */
  #length = 0;

  constructor(
    graphs: DecoderGraphs,
    device: DeviceTensors,
    hiddenStates: Tensor,
    attentionMask: Tensor | null,
    shape: CacheShape,
  ) {
    const { cross, first, next } = graphs;
    this.#graphs = graphs;
    this.#device = device;
    this.#hiddenStates = castFloat(hiddenStates, floatType(cross ?? first, HIDDEN_STATES));
    this.#attentionMask = attentionMask;
    this.#caches = next.inputNames.filter((name) => name.startsWith(PAST));
    const rows = dimension(hiddenStates, 0);
    const empty = floatTensor(new Float32Array(0), [rows, shape.heads, 0, shape.headSize]);
    this.#empty = Object.fromEntries(
      this.#caches.map((name) => [name, castFloat(empty, floatType(next, name))]),
    );
  }

  async step(tokens: readonly (readonly number[])[]): Promise<Float32Array> {
    return this.#reading(tokens, (logits) => this.#device.lastLogits(logits));
  }

  async mostProbable(
    tokens: readonly (readonly number[])[],
    forbidden: readonly number[],
  ): Promise<readonly TokenChoice[]> {
    return this.#reading(tokens, (logits) => this.#device.mostProbable(logits, forbidden));
  }

  keepRows(rows: readonly number[]): void {
    if (this.#attentionMask) this.#attentionMask = selectRows(this.#attentionMask, rows);
    this.#moves = [...this.#moves, { rows, selfOnly: false }];
  }

  reorderRows(parents: readonly number[]): void {
    this.#moves = [...this.#moves, { rows: parents, selfOnly: true }];
  }

  dispose(): void {
    for (const tensor of Object.values(this.#kept)) tensor.dispose();
    this.#kept = {};
  }

  async #reading<T>(
    tokens: readonly (readonly number[])[],
    read: (logits: Tensor) => Promise<T>,
  ): Promise<T> {
    const logits = await this.#advance(tokens);
    try {
      return await read(logits);
    } finally {
      logits.dispose();
    }
  }

  /** @returns logits [rows, positions, vocabulary] on the device, the caller's to dispose of */
  async #advance(tokens: readonly (readonly number[])[]): Promise<Tensor> {
    const started = this.#length > 0;
    if (!started) await this.#place();
    for (const move of this.#moves) await this.#move(move);
    this.#moves = [];
    const graph = started ? this.#graphs.next : this.#graphs.first;
    const mask = this.#attentionMask && { encoder_attention_mask: this.#attentionMask };
    const known = { ...this.#empty, ...this.#kept, ...mask };
    const selfOnly = started || this.#graphs.cross !== null;
    const fetched = selfOnly ? this.#caches.filter(isSelfAttention) : this.#caches;
    const outputs: Tensors = await graph.run(stepFeeds(graph, known, tokens, this.#length), [
      'logits',
      ...fetched.map(presentName),
    ]);
    const given = fetched.map((name) => [name, required(outputs, presentName(name))] as const);
    this.#keep(Object.fromEntries(given));
    this.#length += tokens[0]?.length ?? 0;
    return required(outputs, 'logits');
  }

  async #place(): Promise<void> {
    const rows = Array.from({ length: dimension(this.#hiddenStates, 0) }, (_, row) => row);
    const placed = await this.#device.selectRows({ [HIDDEN_STATES]: this.#hiddenStates }, rows);
    const { cross } = this.#graphs;
    if (cross === null) {
      this.#keep(placed);
      return;
    }
    const caches = this.#caches.filter((name) => !isSelfAttention(name));
    const outputs: Tensors = await cross.run(placed, caches.map(presentName));
    this.#keep(
      Object.fromEntries(caches.map((name) => [name, required(outputs, presentName(name))])),
    );
    for (const tensor of Object.values(placed)) tensor.dispose();
  }

  async #move({ rows, selfOnly }: Move): Promise<void> {
    const moved = Object.entries(this.#kept).filter(([name]) => !selfOnly || isSelfAttention(name));
    this.#keep(await this.#device.selectRows(Object.fromEntries(moved), rows));
  }

  /** In place of those of the same names, which are disposed of. */
  #keep(tensors: Tensors): void {
    for (const name of Object.keys(tensors)) this.#kept[name]?.dispose();
    this.#kept = { ...this.#kept, ...tensors };
  }
}
