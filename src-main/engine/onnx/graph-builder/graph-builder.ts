/**
 * Builds an ONNX graph node by node. Every node may say how it is differentiated
 * (`autodiff/gradients.ts` reads that); shapes are followed with named sizes for those that are only
 * known when the graph runs.
 *
 * Mistakes in how a graph is put together are programming errors and thrown as plain errors.
 */

import { type DataType, encodeModel, type OnnxNode, type OnnxTensor } from './onnx-model.ts';
import type { Dimension, ElementType, Value } from './value.ts';

/**
 * Given the gradient with respect to a node's output, makes the gradient with respect to one of its
 * inputs, in the shape of that input.
 */
type InputDerivative = (upstream: Value) => Value;

export interface NodeDescription {
  /** Name of the ONNX operator. */
  readonly kind: string;
  /** Null is an optional input that is left out. */
  readonly inputs: readonly (Value | null)[];
  readonly shape: readonly Dimension[];
  /** Default: real. */
  readonly type?: ElementType;
  readonly attributes?: OnnxNode['attributes'];
  /** One per input; null where there is nothing to differentiate (conditions, shapes). */
  readonly derivatives: readonly (InputDerivative | null)[];
}

export interface GraphNode extends NodeDescription {
  readonly output: Value;
}

export class GraphBuilder {
  readonly #real: 'float32' | 'float64';
  readonly #inputs: Value[] = [];
  readonly #constants = new Map<string, OnnxTensor>();
  readonly #nodes: GraphNode[] = [];

  constructor(real: 'float32' | 'float64' = 'float32') {
    this.#real = real;
  }

  /** In the order they were added, which is one in which they can be computed. */
  get nodes(): readonly GraphNode[] {
    return this.#nodes;
  }

  input(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    const value = { name, type, shape };
    this.#inputs.push(value);
    return value;
  }

  /** Constant numbers; equal ones are stored once. */
  real(values: ArrayLike<number> | number, dims: readonly number[] = []): Value {
    const list = typeof values === 'number' ? [values] : values;
    const array = this.#real === 'float32' ? Float32Array.from(list) : Float64Array.from(list);
    return this.#constant(this.#real, 'real', Buffer.from(array.buffer), dims);
  }

  /** Constant whole numbers [n], such as shapes and axes. */
  int64(values: readonly number[]): Value {
    const array = BigInt64Array.from(values, BigInt);
    return this.#constant('int64', 'int64', Buffer.from(array.buffer), [values.length]);
  }

  node(description: NodeDescription): Value {
    const { kind, inputs, shape, type = 'real', derivatives } = description;
    if (inputs.length !== derivatives.length) {
      throw new Error(`${kind} has ${inputs.length} inputs and ${derivatives.length} derivatives.`);
    }
    const output = { name: `${kind.toLowerCase()}_${this.#nodes.length}`, type, shape };
    this.#nodes.push({ ...description, output });
    return output;
  }

  /** The bytes of a model with these outputs, by name. Nodes that they do not need are left out. */
  build(outputs: Readonly<Record<string, Value>>): Uint8Array {
    const names = new Map<string, string>();
    const made = new Set(this.#nodes.map(({ output }) => output.name));
    const ports = Object.entries(outputs).map(([name, value]) => {
      // Inputs, constants and values that are an output already need a name of their own.
      const own = made.has(value.name) && !names.has(value.name) ? value : this.#copy(value);
      names.set(own.name, name);
      return this.#port(own, name);
    });
    const needed = new Set(names.keys());
    const nodes = this.#nodes
      .toReversed()
      .filter(({ output, inputs }) => {
        if (!needed.has(output.name)) return false;
        for (const input of inputs) if (input !== null) needed.add(input.name);
        return true;
      })
      .reverse();
    const named = (value: Value | null) =>
      value === null ? '' : (names.get(value.name) ?? value.name);
    return encodeModel({
      name: 'graph',
      nodes: nodes.map(({ kind, inputs, output, attributes = {} }) => ({
        kind,
        inputs: inputs.map(named),
        output: named(output),
        attributes,
      })),
      constants: [...this.#constants.values()].filter(({ name }) => needed.has(name)),
      inputs: this.#inputs.map((input) => this.#port(input, input.name)),
      outputs: ports,
    });
  }

  #copy(value: Value): Value {
    const { type, shape } = value;
    return this.node({ kind: 'Identity', inputs: [value], type, shape, derivatives: [null] });
  }

  #constant(type: DataType, kind: ElementType, bytes: Buffer, dims: readonly number[]): Value {
    const key = `${type} ${dims.join()} ${bytes.toString('base64')}`;
    const known = this.#constants.get(key);
    const tensor = known ?? { name: `constant_${this.#constants.size}`, type, dims, bytes };
    this.#constants.set(key, tensor);
    return { name: tensor.name, type: kind, shape: dims };
  }

  #port({ type, shape }: Value, name: string) {
    return { name, type: type === 'real' ? this.#real : type, shape };
  }
}
