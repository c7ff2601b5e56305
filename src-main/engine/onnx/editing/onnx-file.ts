/**
 * An ONNX file taken apart as far as rewriting needs (field numbers of onnx.proto), and put together
 * again. What is not changed keeps its very bytes; fields are written in the order of their numbers,
 * as all writers do.
 */

import { bytesHead } from '../graph-builder/protobuf-writer.ts';
import { type Field, integersOf, readFields, textsOf } from './wire-format.ts';

/** A part of a message with its field number; `raw` has the tag. */
export interface Part {
  readonly number: number;
  readonly raw: Uint8Array;
}

export interface NamedPart extends Part {
  readonly name: string;
}

export interface FileNode extends Part {
  readonly kind: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** All that its subgraphs name as inputs of nodes: what they may read from outside is in it. */
  readonly innerInputs: readonly string[];
  /** Subgraphs by the name of their attribute. */
  readonly graphs: Readonly<Record<string, FileGraph>>;
  /** Attributes of integers, by name. */
  readonly integers: Readonly<Record<string, readonly number[]>>;
}

export interface FileGraph {
  readonly nodes: readonly FileNode[];
  readonly initializers: readonly NamedPart[];
  readonly inputs: readonly NamedPart[];
  readonly outputs: readonly NamedPart[];
  /** Name, documentation, shapes of inner values, … */
  readonly others: readonly Part[];
}

export interface FileModel {
  readonly graph: FileGraph;
  /** Version, producer, operator sets, … */
  readonly others: readonly Part[];
}

const MODEL_GRAPH = 7;
const NODE = 1;
const INITIALIZER = 5;
const INPUT = 11;
const OUTPUT = 12;
/** Field of the name in a value, and in a tensor. */
const VALUE_NAME = 1;
const TENSOR_NAME = 8;
const ATTRIBUTE_GRAPH = 6;

/** @throws Error where the bytes are no ONNX model */
export function readModel(bytes: Uint8Array): FileModel {
  const fields = readFields(bytes);
  const graph = fields.find(({ number }) => number === MODEL_GRAPH);
  if (graph === undefined) throw new Error('The file has no ONNX graph.');
  return { graph: readGraph(graph.content), others: fields.filter((field) => field !== graph) };
}

export function writeModel({ graph, others }: FileModel): Uint8Array {
  const parts = inOrder([
    ...graph.nodes,
    ...graph.initializers,
    ...graph.inputs,
    ...graph.outputs,
    ...graph.others,
  ]);
  const length = parts.reduce((sum, { raw }) => sum + raw.length, 0);
  const before = others.filter(({ number }) => number < MODEL_GRAPH);
  const after = others.filter(({ number }) => number > MODEL_GRAPH);
  const raws = (list: readonly Part[]) => inOrder(list).map(({ raw }) => raw);
  const head = bytesHead(MODEL_GRAPH, length);
  return Buffer.concat([...raws(before), head, ...raws(parts), ...raws(after)]);
}

/** A node's own fields, without the tag of the graph it stands in. */
export function readNode(part: Part, content: Uint8Array): FileNode {
  const fields = readFields(content);
  const graphs: Record<string, FileGraph> = {};
  const integers: Record<string, readonly number[]> = {};
  for (const { content: attribute } of withNumber(fields, 5)) {
    const parts = readFields(attribute);
    const name = textsOf(parts, 1)[0] ?? '';
    for (const graph of withNumber(parts, ATTRIBUTE_GRAPH)) graphs[name] = readGraph(graph.content);
    integers[name] = [...integersOf(parts, 3), ...integersOf(parts, 8)];
  }
  return {
    number: NODE,
    raw: part.raw,
    kind: textsOf(fields, 4)[0] ?? '',
    inputs: textsOf(fields, 1),
    outputs: textsOf(fields, 2),
    innerInputs: Object.values(graphs).flatMap(readNames),
    graphs,
    integers,
  };
}

function readGraph(content: Uint8Array): FileGraph {
  const fields = readFields(content);
  const known: ReadonlySet<number> = new Set([NODE, INITIALIZER, INPUT, OUTPUT]);
  return {
    nodes: withNumber(fields, NODE).map((field) => readNode(field, field.content)),
    initializers: named(fields, INITIALIZER, TENSOR_NAME),
    inputs: named(fields, INPUT, VALUE_NAME),
    outputs: named(fields, OUTPUT, VALUE_NAME),
    others: fields.filter(({ number }) => !known.has(number)),
  };
}

function readNames({ nodes, outputs }: FileGraph): readonly string[] {
  return [
    ...nodes.flatMap(({ inputs, innerInputs }) => [...inputs, ...innerInputs]),
    ...outputs.map(({ name }) => name),
  ];
}

function named(fields: readonly Field[], number: number, nameField: number): readonly NamedPart[] {
  return withNumber(fields, number).map(({ raw, content }) => {
    return { number, raw, name: textsOf(readFields(content), nameField)[0] ?? '' };
  });
}

function withNumber(fields: readonly Field[], number: number): readonly Field[] {
  return fields.filter((field) => field.number === number);
}

function inOrder(parts: readonly Part[]): readonly Part[] {
  return parts.toSorted((a, b) => a.number - b.number);
}
