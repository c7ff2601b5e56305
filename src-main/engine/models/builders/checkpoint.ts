/**
 * A weight table as builders take from it: each tensor by name with the shape that the architecture gives
 * it. What is asked for is remembered, so that what nobody asked for can be named.
 */

import { VeerError } from '../../../contract/errors.ts';
import type { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import type { Value } from '../../onnx/graph-builder/value.ts';
import type { MatrixSource } from '../../onnx/layers/matrix.ts';
import { type StoredType, storedRows } from '../../onnx/layers/stored-values.ts';
import type { Weight, WeightTable } from '../../weights/weight-table.ts';

export class Checkpoint {
  readonly #table: WeightTable;
  readonly #taken = new Set<string>();

  constructor(table: WeightTable) {
    this.#table = table;
  }

  has(name: string): boolean {
    return this.#table.weights.has(name);
  }

  /** Notes that these are known, and nothing needs them. */
  pass(...names: readonly string[]): void {
    for (const name of names) this.#taken.add(name);
  }

  /**
   * Linear layers that read the same input, as one: their rows one after the other.
   *
   * @param names of their weights, each [rows, columns]
   * @throws VeerError MODEL_CONFIG_INVALID, MODEL_FILE_DAMAGED
   */
  matrix(names: readonly string[], rows: number, columns: number): MatrixSource {
    const parts = names.map((name) => this.#take(name, [rows, columns]));
    return {
      name: names[0] ?? '',
      rows: rows * names.length,
      columns,
      readRows: (from, to) => rowsOf(parts, rows, columns, [from, to]),
    };
  }

  /**
   * Vectors one after the other, float32 in the graph.
   *
   * @param names null: zeros; never the first
   * @throws VeerError MODEL_CONFIG_INVALID, MODEL_FILE_DAMAGED
   */
  vector(g: GraphBuilder, names: readonly [string, ...(string | null)[]], size: number): Value {
    const parts = names.map((name) => (name === null ? null : this.#take(name, [size], [1, size])));
    const [first] = names;
    const source = {
      name: names.length === 1 ? first : `${first}_joined`,
      rows: parts.length,
      columns: size,
      readRows: async (from: number, to: number) => {
        const out = new Float32Array((to - from) * size);
        for (const [i, part] of parts.slice(from, to).entries()) {
          if (part !== null) out.set(await wholeVector(part, size), i * size);
        }
        return out;
      },
    };
    return storedRows(g, source, 'float32', [parts.length * size]);
  }

  /** A vector that may be shorter than `size`, or missing: zeros follow it. */
  vectorUpTo(g: GraphBuilder, name: string, size: number): Value {
    const has = this.has(name) ? Math.min(size, this.shape(name).at(-1) ?? 0) : 0;
    const weight = has === 0 ? null : this.#take(name, [has], [1, has]);
    const readRows = async () => {
      const out = new Float32Array(size);
      if (weight !== null) out.set(await wholeVector(weight, has));
      return out;
    };
    return storedRows(g, { name, rows: 1, columns: size, readRows }, 'float32', [size]);
  }

  /** Another tensor as it is. */
  tensor(g: GraphBuilder, name: string, shape: readonly number[], type: StoredType): Value {
    const weight = this.#take(name, shape);
    const [rows = 1, ...rest] = shape;
    const columns = rest.reduce((product, size) => product * size, 1);
    const { readRows } = weight;
    const source = {
      name,
      rows,
      columns,
      readRows: (from: number, to: number) => readRows.call(weight, from, to),
    };
    return storedRows(g, source, type, shape);
  }

  /** The shape of a tensor. @throws VeerError MODEL_FILE_DAMAGED where it is not there */
  shape(name: string): readonly number[] {
    return this.#get(name).shape;
  }

  /** @throws VeerError MODEL_FAMILY_UNSUPPORTED where there is more than the architecture has */
  requireAllTaken(): void {
    const others = [...this.#table.weights.keys()].filter((name) => !this.#taken.has(name));
    if (others.length === 0) return;
    throw new VeerError(
      'MODEL_FAMILY_UNSUPPORTED',
      `This model has weights that Veer does not know what to do with: ${others.slice(0, 3).join(', ')}${others.length > 3 ? ` and ${others.length - 3} more` : ''}. It is not of the architecture that its config.json names.`,
    );
  }

  #get(name: string): Weight {
    const weight = this.#table.weights.get(name);
    if (weight !== undefined) return weight;
    throw new VeerError(
      'MODEL_FILE_DAMAGED',
      `The weights have no "${name}". They are cut short, or config.json is that of another model: copy both again from the same place.`,
    );
  }

  #take(name: string, ...shapes: readonly (readonly number[])[]): Weight {
    const weight = this.#get(name);
    if (!shapes.some((shape) => shape.join() === weight.shape.join())) {
      throw new VeerError(
        'MODEL_CONFIG_INVALID',
        `"${name}" has the shape [${weight.shape}], config.json says [${shapes[0]}]. The two files belong to different models.`,
      );
    }
    this.#taken.add(name);
    return weight;
  }
}

/** Rows of matrices that stand one below the other. */
async function rowsOf(
  parts: readonly Weight[],
  rows: number,
  columns: number,
  [from, to]: readonly [from: number, to: number],
): Promise<Float32Array> {
  const out = new Float32Array((to - from) * columns);
  for (const [i, part] of parts.entries()) {
    const [start, end] = [Math.max(from, i * rows), Math.min(to, (i + 1) * rows)];
    if (start >= end) continue;
    const values = await part.readRows(start - i * rows, end - i * rows);
    requireNumbers(part.name, values);
    out.set(values, (start - from) * columns);
  }
  return out;
}

/** Of a matrix; vectors may hold -Infinity, as the bias of a token that must never come. */
function requireNumbers(name: string, values: Float32Array): void {
  for (const value of values) {
    if (Number.isFinite(value)) continue;
    throw new VeerError(
      'MODEL_FILE_DAMAGED',
      `"${name}" holds ${value}. Copy the file again; if that does not help, the model was saved after its training had failed.`,
    );
  }
}

/** [size] or [1, size]. */
function wholeVector(weight: Weight, size: number): Promise<Float32Array> {
  return weight.readRows(0, weight.shape.length === 1 ? size : 1);
}
