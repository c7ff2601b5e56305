/**
 * The protobuf bytes of an ONNX model (onnx.proto of ONNX 1.12: opset 17, IR version 8, which is
 * what the bundled proxies use too), with ONNX Runtime's own operators where a graph has some. Only what
 * the graph builder makes can be written.
 */

import { bytesField, floatField, integerField, message, textField } from './protobuf-writer.ts';
import type { Dimension } from './value.ts';

/** Domain of ONNX Runtime's own operators (docs/ContribOperators.md of its repository). */
export const MICROSOFT = 'com.microsoft';

const OPSET = 17;
const IR_VERSION = 8;

/** Element types of onnx.proto, TensorProto.DataType. */
export const DATA_TYPES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;
export type DataType = keyof typeof DATA_TYPES;

/** AttributeProto.AttributeType. */
const FLOAT = 1;
const INT = 2;
const INTS = 7;

/** TensorProto.DataLocation. */
const EXTERNAL = 1;

/** A whole number, several, or a float32. */
type Attribute = number | readonly number[] | { readonly float: number };

/** Names of inputs and outputs; an empty name is an optional input that is left out. */
export interface OnnxNode {
  readonly kind: string;
  /** Left out: ONNX's own operators. */
  readonly domain?: typeof MICROSOFT | undefined;
  readonly inputs: readonly string[];
  /** An empty name is an optional output that is left out. */
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface OnnxTensor {
  readonly name: string;
  readonly type: DataType;
  readonly dims: readonly number[];
  /** Little-endian values, or where they stand. */
  readonly bytes: Uint8Array | ExternalBytes;
}

/** Values in a file beside the model's. */
interface ExternalBytes {
  /** Name of the file. */
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

interface OnnxPort {
  readonly name: string;
  readonly type: DataType;
  readonly shape: readonly Dimension[];
}

export interface OnnxGraph {
  readonly name: string;
  /** Every node after those whose outputs it reads. */
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxTensor[];
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
}

export function encodeModel(graph: OnnxGraph): Uint8Array {
  return message(
    integerField(1, IR_VERSION),
    textField(2, 'veer'),
    bytesField(7, encodeGraph(graph)),
    // The default operator set has the empty name.
    bytesField(8, message(textField(1, ''), integerField(2, OPSET))),
    ...(graph.nodes.some(({ domain }) => domain === MICROSOFT)
      ? [bytesField(8, message(textField(1, MICROSOFT), integerField(2, 1)))]
      : []),
  );
}

function encodeGraph({ name, nodes, constants, inputs, outputs }: OnnxGraph): Uint8Array {
  return message(
    ...nodes.map((node) => bytesField(1, encodeNode(node))),
    textField(2, name),
    ...constants.map((tensor) => bytesField(5, encodeTensor(tensor))),
    ...inputs.map((port) => bytesField(11, encodePort(port))),
    ...outputs.map((port) => bytesField(12, encodePort(port))),
  );
}

function encodeNode({ kind, domain, inputs, outputs, attributes }: OnnxNode): Uint8Array {
  return message(
    ...inputs.map((input) => textField(1, input)),
    ...outputs.map((output) => textField(2, output)),
    textField(3, `node_${outputs[0]}`),
    textField(4, kind),
    ...(domain === undefined ? [] : [textField(7, domain)]),
    ...Object.entries(attributes).map(([name, value]) =>
      bytesField(5, encodeAttribute(name, value)),
    ),
  );
}

function encodeAttribute(name: string, value: Attribute): Uint8Array {
  if (typeof value === 'number') {
    return message(textField(1, name), integerField(3, value), integerField(20, INT));
  }
  if ('float' in value) {
    return message(textField(1, name), floatField(2, value.float), integerField(20, FLOAT));
  }
  const list = value.map((one) => integerField(8, one));
  return message(textField(1, name), ...list, integerField(20, INTS));
}

function encodeTensor({ name, type, dims, bytes }: OnnxTensor): Uint8Array {
  return message(
    ...dims.map((size) => integerField(1, size)),
    integerField(2, DATA_TYPES[type]),
    textField(8, name),
    ...('location' in bytes ? externalFields(bytes) : [bytesField(9, bytes)]),
  );
}

function externalFields({ location, offset, length }: ExternalBytes): readonly Uint8Array[] {
  const entries = { location, offset: String(offset), length: String(length) };
  return [
    ...Object.entries(entries).map(([key, value]) =>
      bytesField(13, message(textField(1, key), textField(2, value))),
    ),
    integerField(14, EXTERNAL),
  ];
}

function encodePort({ name, type, shape }: OnnxPort): Uint8Array {
  const dims = shape.map((size) =>
    bytesField(1, typeof size === 'number' ? integerField(1, size) : textField(2, size)),
  );
  const tensor = message(integerField(1, DATA_TYPES[type]), bytesField(2, message(...dims)));
  return message(textField(1, name), bytesField(2, bytesField(1, tensor)));
}
