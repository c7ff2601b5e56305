/**
 * The protobuf bytes of an ONNX model (onnx.proto of ONNX 1.12: opset 17, IR version 8, which is
 * what the bundled proxies use too). Only what the graph builder makes can be written.
 */

import { bytesField, integerField, message, textField } from './protobuf-writer.ts';
import type { Dimension } from './value.ts';

const OPSET = 17;
const IR_VERSION = 8;

/** Element types of onnx.proto, TensorProto.DataType. */
const DATA_TYPES = { float32: 1, int64: 7, bool: 9, float16: 10, float64: 11 } as const;
export type DataType = keyof typeof DATA_TYPES;

/** AttributeProto.AttributeType. */
const INT = 2;
const INTS = 7;

/** Names of inputs and outputs; an empty name is an optional input that is left out. */
export interface OnnxNode {
  readonly kind: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, number | readonly number[]>>;
}

export interface OnnxTensor {
  readonly name: string;
  readonly type: DataType;
  readonly dims: readonly number[];
  /** Little-endian. */
  readonly bytes: Uint8Array;
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

function encodeNode({ kind, inputs, output, attributes }: OnnxNode): Uint8Array {
  return message(
    ...inputs.map((input) => textField(1, input)),
    textField(2, output),
    textField(3, `node_${output}`),
    textField(4, kind),
    ...Object.entries(attributes).map(([name, value]) =>
      bytesField(5, encodeAttribute(name, value)),
    ),
  );
}

function encodeAttribute(name: string, value: number | readonly number[]): Uint8Array {
  const content =
    typeof value === 'number'
      ? [integerField(3, value), integerField(20, INT)]
      : [...value.map((one) => integerField(8, one)), integerField(20, INTS)];
  return message(textField(1, name), ...content);
}

function encodeTensor({ name, type, dims, bytes }: OnnxTensor): Uint8Array {
  return message(
    ...dims.map((size) => integerField(1, size)),
    integerField(2, DATA_TYPES[type]),
    textField(8, name),
    bytesField(9, bytes),
  );
}

function encodePort({ name, type, shape }: OnnxPort): Uint8Array {
  const dims = shape.map((size) =>
    bytesField(1, typeof size === 'number' ? integerField(1, size) : textField(2, size)),
  );
  const tensor = message(integerField(1, DATA_TYPES[type]), bytesField(2, message(...dims)));
  return message(textField(1, name), bytesField(2, bytesField(1, tensor)));
}
