/**
 * Tensors that stay on a device between two runs: moving their rows, and reading no more of the
 * logits than is needed. Each kind of work is a small graph, made when it is first asked for.
 *
 * Whoever gets a tensor of these disposes of it: memory of a device is not collected.
 */

import type { Device } from '../../contract/devices.ts';
import type { OutputPlace } from './create-session.ts';
import { bestGraph, lastGraph, rowsGraph } from './device-graphs.ts';
import { Graph, type Tensors } from './graph.ts';
import { encodeModel, type OnnxGraph } from './graph-builder/onnx-model.ts';
import { dimension, floatData, floatTensor, int64Tensor, type Tensor } from './tensor.ts';

/** Shaders need not know infinity. exp of it is 0. */
const FORBIDDEN = -1e30;

export class DeviceTensors {
  readonly #device: Device;
  /** By what they do. */
  readonly #graphs = new Map<string, Promise<Graph>>();
  /** By vocabulary and forbidden ids. */
  readonly #biases = new Map<string, Promise<Tensor>>();

  constructor(device: Device) {
    this.#device = device;
  }

  /**
   * The given rows (first axis) of every tensor, in their order; a row may repeat.
   *
   * @param tensors float32 or float16, on the device or the CPU; they stay as they are
   * @returns new tensors on the device, under the same names
   */
  selectRows(tensors: Tensors, rows: readonly number[]): Promise<Record<string, Tensor>> {
    return this.#rows(tensors, rows, 'device');
  }

  /**
   * Copies tensors to the CPU, and disposes of them on the device.
   *
   * @param tensors float32 or float16, all with as many rows
   */
  async taken(tensors: Tensors): Promise<Record<string, Tensor>> {
    const values = Object.values(tensors);
    const [first] = values;
    const rows = Array.from({ length: first ? dimension(first, 0) : 0 }, (_, row) => row);
    const copies = await this.#rows(tensors, rows, 'cpu');
    for (const tensor of values) tensor.dispose();
    return copies;
  }

  /**
   * @param logits [rows, positions, vocabulary]
   * @returns those of the last position, [rows × vocabulary] row-major
   */
  async lastLogits(logits: Tensor): Promise<Float32Array> {
    const graph = await this.#graph(`last ${logits.type}`, () => lastGraph(logits), 'cpu');
    const { values } = await graph.run({ logits }, ['values']);
    return floatData(values);
  }

  /**
   * @param logits [rows, positions, vocabulary]; the last position is read
   * @param forbidden ids that get no probability
   * @returns of every row the id of the largest logit, the first of equals, and its log-probability
   */
  async mostProbable(
    logits: Tensor,
    forbidden: readonly number[],
  ): Promise<readonly { readonly id: number; readonly logProbability: number }[]> {
    const graph = await this.#graph(`best ${logits.type}`, () => bestGraph(logits), 'cpu');
    const bias = await this.#bias(dimension(logits, 2), forbidden);
    const { ids, surprise } = await graph.run({ logits, bias }, ['ids', 'surprise']);
    const surprises = floatData(surprise);
    return Array.from(ids.data as BigInt64Array, (id, row) => {
      return { id: Number(id), logProbability: -(surprises[row] as number) };
    });
  }

  async dispose(): Promise<void> {
    for (const bias of this.#biases.values()) (await bias).dispose();
    this.#biases.clear();
    const graphs = await Promise.all(this.#graphs.values());
    this.#graphs.clear();
    for (const graph of graphs) await graph.dispose();
  }

  async #rows(
    tensors: Tensors,
    rows: readonly number[],
    place: OutputPlace,
  ): Promise<Record<string, Tensor>> {
    const entries = Object.entries(tensors);
    const kinds = entries.map(([, { type, dims }]) => `${type} ${dims.length}`);
    const values = entries.map(([, tensor]) => tensor);
    const graph = await this.#graph(`rows ${place} ${kinds}`, () => rowsGraph(values), place);
    const feeds = Object.fromEntries(values.map((tensor, i) => [`in${i}`, tensor]));
    const outputs = await graph.run(
      { ...feeds, rows: int64Tensor(rows, [rows.length]) },
      graph.outputNames,
    );
    return Object.fromEntries(
      entries.flatMap(([name], i) => {
        const tensor = outputs[`out${i}`];
        return tensor ? [[name, tensor]] : [];
      }),
    );
  }

  /** [1, vocabulary] on the device: 0, or far below every logit. The same few come at every step. */
  #bias(vocabulary: number, forbidden: readonly number[]): Promise<Tensor> {
    const key = [vocabulary, ...forbidden].join(' ');
    const known = this.#biases.get(key);
    if (known !== undefined) return known;
    const bias = new Float32Array(vocabulary);
    for (const id of forbidden) bias[id] = FORBIDDEN;
    const made = this.selectRows({ bias: floatTensor(bias, [1, vocabulary]) }, [0]);
    const placed = made.then((tensors) => tensors['bias'] as Tensor);
    this.#biases.set(key, placed);
    return placed;
  }

  #graph(key: string, graph: () => OnnxGraph, outputs: OutputPlace): Promise<Graph> {
    const known = this.#graphs.get(key);
    if (known !== undefined) return known;
    const made = Graph.load(encodeModel(graph()), this.#device, null, outputs);
    this.#graphs.set(key, made);
    return made;
  }
}
