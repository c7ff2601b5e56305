/**
 * Builds an ONNX graph node by node. Every node may say how it is differentiated
 * (`autodiff/gradients.ts` reads that); shapes are followed with named sizes for those that are only
 * known when the graph runs.
 *
 * Mistakes in how a graph is put together are programming errors and thrown as plain errors.
 */

import {
  type DataType,
  encodeModel,
  type MICROSOFT,
  type OnnxNode,
  type OnnxTensor,
} from './onnx-model.ts';
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
  readonly domain?: typeof MICROSOFT | undefined;
  readonly output: Value;
  /** Null is an optional output that is left out. */
  readonly furtherOutputs: readonly (Value | null)[];
}

/** A node that is not differentiated. */
export interface OperatorDescription {
  readonly kind: string;
  readonly domain?: typeof MICROSOFT;
  readonly inputs: readonly (Value | null)[];
  /** Null is an optional output that is left out; never the first. Type left out: real. */
  readonly outputs: readonly ({
    readonly type?: ElementType;
    readonly shape: readonly Dimension[];
  } | null)[];
  readonly attributes?: OnnxNode['attributes'];
}

/** A constant whose values are written when the model is, into a file beside it. */
export interface StoredConstant {
  readonly name: string;
  readonly type: 'float32' | 'float16' | 'uint8' | 'int8';
  readonly dims: readonly number[];
  /** Its values, little-endian, in parts that together have the size that type and dims say. */
  readonly chunks: () => AsyncIterable<Uint8Array>;
}

/** Where a stored constant belongs in the file of values. */
export interface PlacedConstant {
  readonly constant: StoredConstant;
  readonly offset: number;
  readonly length: number;
}

/** Maps of memory begin at pages; small constants need only what their numbers need. */
const PAGE = 4096;
const LARGE = 65_536;
const ALIGNMENT = 64;
const BYTES = { float32: 4, float16: 2, uint8: 1, int8: 1 } as const;

export class GraphBuilder {
  readonly #real: 'float32' | 'float64';
  readonly #inputs: Value[] = [];
  readonly #constants = new Map<string, OnnxTensor>();
  readonly #stored = new Map<string, StoredConstant>();
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
    this.#nodes.push({ ...description, output, furtherOutputs: [] });
    return output;
  }

  /** Values of the outputs, in their order, without those that are left out. */
  operator(description: OperatorDescription): readonly Value[] {
    const { kind, domain, inputs, outputs, attributes } = description;
    const name = `${kind.toLowerCase()}_${this.#nodes.length}`;
    const values = outputs.map((output, i): Value | null => {
      if (output === null) return null;
      return {
        name: i === 0 ? name : `${name}_${i}`,
        type: output.type ?? 'real',
        shape: output.shape,
      };
    });
    const [output, ...furtherOutputs] = values;
    if (!output) throw new Error(`${kind} has no first output.`);
    this.#nodes.push({
      kind,
      domain,
      inputs,
      shape: output.shape,
      type: output.type,
      ...(attributes && { attributes }),
      derivatives: inputs.map(() => null),
      output,
      furtherOutputs,
    });
    return values.flatMap((value) => value ?? []);
  }

  /** A constant that is written to a file of its own; one name is one constant. */
  stored(constant: StoredConstant): Value {
    this.#stored.set(constant.name, constant);
    const type = constant.type === 'float32' ? 'real' : constant.type;
    return { name: constant.name, type, shape: constant.dims };
  }

  /** The bytes of a model with these outputs, by name. Nodes that they do not need are left out. */
  build(outputs: Readonly<Record<string, Value>>): Uint8Array {
    if (this.#stored.size > 0) throw new Error('This graph has stored constants.');
    return this.#encode(outputs, []);
  }

  /**
   * The same for a graph with stored constants; inputs that its outputs do not need are left out too.
   * Graphs of one builder with other outputs can share the file of values.
   *
   * @param fileName of the values, beside the model
   * @returns the model, and what its file must hold where
   */
  buildStored(
    outputs: Readonly<Record<string, Value>>,
    fileName: string,
  ): { readonly model: Uint8Array; readonly constants: readonly PlacedConstant[] } {
    let end = 0;
    const constants = [...this.#stored.values()].map((constant): PlacedConstant => {
      const values = constant.dims.reduce((product, size) => product * size, 1);
      const length = values * BYTES[constant.type];
      const alignment = length >= LARGE ? PAGE : ALIGNMENT;
      const offset = Math.ceil(end / alignment) * alignment;
      end = offset + length;
      return { constant, offset, length };
    });
    const tensors = constants.map(({ constant: { name, type, dims }, offset, length }) => {
      return { name, type, dims, bytes: { location: fileName, offset, length } };
    });
    return { model: this.#encode(outputs, tensors), constants };
  }

  #encode(outputs: Readonly<Record<string, Value>>, stored: readonly OnnxTensor[]): Uint8Array {
    const names = new Map<string, string>();
    const made = new Set(this.#nodes.flatMap((node) => madeBy(node).map(({ name }) => name)));
    const ports = Object.entries(outputs).map(([name, value]) => {
      // Inputs, constants and values that are an output already need a name of their own.
      const own = made.has(value.name) && !names.has(value.name) ? value : this.#copy(value);
      names.set(own.name, name);
      return this.#port(own, name);
    });
    const needed = new Set(names.keys());
    const nodes = this.#nodes
      .toReversed()
      .filter((node) => {
        if (!madeBy(node).some(({ name }) => needed.has(name))) return false;
        for (const input of node.inputs) if (input !== null) needed.add(input.name);
        return true;
      })
      .reverse();
    const named = (value: Value | null) =>
      value === null ? '' : (names.get(value.name) ?? value.name);
    return encodeModel({
      name: 'graph',
      nodes: nodes.map(({ kind, domain, inputs, output, furtherOutputs, attributes = {} }) => ({
        kind,
        domain,
        inputs: inputs.map(named),
        outputs: [output, ...furtherOutputs].map(named),
        attributes,
      })),
      constants: [...this.#constants.values(), ...stored].filter(({ name }) => needed.has(name)),
      inputs: this.#inputs
        .filter(({ name }) => stored.length === 0 || needed.has(name))
        .map((input) => this.#port(input, input.name)),
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

function madeBy({ output, furtherOutputs }: GraphNode): readonly Value[] {
  return [output, ...furtherOutputs.flatMap((value) => value ?? [])];
}
