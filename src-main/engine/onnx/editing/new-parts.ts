/** New nodes, weights and values for a file that is rewritten, in the bytes of onnx.proto. */

import { bytesField, integerField, message, textField } from '../graph-builder/protobuf-writer.ts';
import { type FileNode, type NamedPart, type Part, readNode } from './onnx-file.ts';

/** TensorProto.DataType. */
export const FLOAT = 1;
export const UINT8 = 2;
export const INT64 = 7;
export const BOOL = 9;

/** AttributeProto.AttributeType. */
const INT_ATTRIBUTE = 2;
const GRAPH_ATTRIBUTE = 5;
const INTS_ATTRIBUTE = 7;

type Attribute = number | readonly number[] | Uint8Array;

/**
 * @param attributes integers, lists of them, or the bytes of a subgraph
 * @param domain of the operator; empty for ONNX's own
 */
export function newNode(
  kind: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
  domain = '',
): FileNode {
  const content = message(
    ...inputs.map((name) => textField(1, name)),
    ...outputs.map((name) => textField(2, name)),
    textField(3, `veer_${outputs[0] ?? kind}`),
    textField(4, kind),
    ...Object.entries(attributes).map(([name, value]) => bytesField(5, attribute(name, value))),
    ...(domain === '' ? [] : [textField(7, domain)]),
  );
  return readNode({ number: 1, raw: bytesField(1, content) }, content);
}

/** @param bytes little-endian */
export function newInitializer(
  name: string,
  type: number,
  dims: readonly number[],
  bytes: Uint8Array,
): NamedPart {
  const content = message(
    ...dims.map((size) => integerField(1, size)),
    integerField(2, type),
    textField(8, name),
    bytesField(9, bytes),
  );
  return { number: 5, name, raw: bytesField(5, content) };
}

export function newInput(
  name: string,
  type: number,
  dims: readonly (number | string)[],
): NamedPart {
  return { number: 11, name, raw: bytesField(11, value(name, type, dims)) };
}

export function newOutput(
  name: string,
  type: number,
  dims: readonly (number | string)[],
): NamedPart {
  return { number: 12, name, raw: bytesField(12, value(name, type, dims)) };
}

/** ModelProto.opset_import of an operator domain. */
export function newOpset(domain: string, version: number): Part {
  const content = message(textField(1, domain), integerField(2, version));
  return { number: 8, raw: bytesField(8, content) };
}

/** Bytes of a branch: nodes and outputs, without inputs of its own. */
export function branch(nodes: readonly FileNode[], outputs: readonly NamedPart[]): Uint8Array {
  return message(
    ...nodes.map(({ raw }) => raw),
    textField(2, 'branch'),
    ...outputs.map(({ raw }) => raw),
  );
}

function attribute(name: string, given: Attribute): Uint8Array {
  if (typeof given === 'number') {
    return message(textField(1, name), integerField(3, given), integerField(20, INT_ATTRIBUTE));
  }
  if (given instanceof Uint8Array) {
    return message(textField(1, name), bytesField(6, given), integerField(20, GRAPH_ATTRIBUTE));
  }
  const integers = given.map((one) => integerField(8, one));
  return message(textField(1, name), ...integers, integerField(20, INTS_ATTRIBUTE));
}

function value(name: string, type: number, dims: readonly (number | string)[]): Uint8Array {
  const shape = dims.map((size) =>
    bytesField(1, typeof size === 'number' ? integerField(1, size) : textField(2, size)),
  );
  const tensor = message(integerField(1, type), bytesField(2, message(...shape)));
  return message(textField(1, name), bytesField(2, bytesField(1, tensor)));
}
