/**
 * Looks inside a proxy graph: fetches the gradient that its steps are made of, or makes it zero.
 * Reads just enough of the protobuf encoding of onnx.proto for that.
 */

import { createSession } from '../onnx/create-session.ts';

type Session = Awaited<ReturnType<typeof createSession>>;
type Field = { readonly number: number; readonly bytes: Uint8Array; readonly value: number };

/** Field numbers of onnx.proto. */
const MODEL_GRAPH = 7;
const GRAPH = { node: 1, initializer: 5, output: 12 } as const;
const NODE = { input: 1, output: 2, kind: 4 } as const;
const TENSOR = { dims: 1, dataType: 2, rawData: 9 } as const;
const FLOAT = 1;

/** A session of the graph with its inner gradient [B, T, D] as one more output, and its name. */
export async function gradientSession(
  bytes: Uint8Array,
): Promise<{ readonly session: Session; readonly gradient: string }> {
  const gradient = gradientName(bytes);
  return { session: await createSession(withOutput(bytes, gradient), 'cpu', null), gradient };
}

/** The tensor whose norm is the output `gradient_norm`: norm ← squeeze ← root ← sum ← x · x. */
function gradientName(bytes: Uint8Array): string {
  const inputsOf = new Map<string, readonly string[]>();
  for (const node of graphFields(bytes, GRAPH.node)) {
    const inputs = fields(node).filter(({ number }) => number === NODE.input);
    const output = fields(node).find(({ number }) => number === NODE.output);
    inputsOf.set(
      text(output?.bytes),
      inputs.map((input) => text(input.bytes)),
    );
  }
  let name = 'gradient_norm';
  for (let i = 0; i < 4; i++) name = inputsOf.get(name)?.[0] ?? name;
  return name;
}

/** A message may come in pieces that are merged (protobuf encoding), so an output can be appended. */
function withOutput(bytes: Uint8Array, name: string): Uint8Array {
  const floatTensorType = message(2, message(1, Uint8Array.of(1 << 3, FLOAT)));
  const value = Buffer.concat([message(1, Buffer.from(name)), floatTensorType]);
  return Buffer.concat([bytes, message(MODEL_GRAPH, message(GRAPH.output, value))]);
}

/** The same graph with the weights [1, `width`] of its last layer at zero: a constant score. */
export function withConstantScore(bytes: Uint8Array, width: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (const tensor of graphFields(copy, GRAPH.initializer)) {
    const parts = fields(tensor);
    const values = (number: number) =>
      parts.flatMap((part) => (part.number !== number ? [] : numbers(part)));
    if (values(TENSOR.dims).join() !== `1,${width}` || values(TENSOR.dataType)[0] !== FLOAT)
      continue;
    parts.find(({ number }) => number === TENSOR.rawData)?.bytes.fill(0);
  }
  return copy;
}

function graphFields(model: Uint8Array, number: number): readonly Uint8Array[] {
  const graph = fields(model).find((field) => field.number === MODEL_GRAPH);
  return fields(graph?.bytes ?? new Uint8Array())
    .filter((field) => field.number === number)
    .map((field) => field.bytes);
}

/** Fields of one message; `bytes` are views into it. */
function fields(bytes: Uint8Array): readonly Field[] {
  const list: Field[] = [];
  const none = bytes.subarray(0, 0);
  for (let at = 0; at < bytes.length; ) {
    const tag = varint(bytes, at);
    const number = Math.floor(tag.value / 8);
    const content = varint(bytes, tag.end);
    switch (tag.value % 8) {
      case 0:
        list.push({ number, bytes: none, value: content.value });
        at = content.end;
        break;
      case 2:
        at = content.end + content.value;
        list.push({ number, bytes: bytes.subarray(content.end, at), value: 0 });
        break;
      case 5:
        at = tag.end + 4;
        break;
      default:
        at = tag.end + 8;
    }
  }
  return list;
}

/** Repeated numbers come one by one or packed. */
function numbers(field: Field): readonly number[] {
  if (field.bytes.length === 0) return [field.value];
  const list: number[] = [];
  for (let at = 0; at < field.bytes.length; ) {
    const { value, end } = varint(field.bytes, at);
    list.push(value);
    at = end;
  }
  return list;
}

function varint(bytes: Uint8Array, start: number) {
  let value = 0;
  let end = start;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[end++] ?? 0;
    value += (byte % 128) * scale;
    if (byte < 128) return { value, end };
  }
}

function message(number: number, content: Uint8Array): Uint8Array {
  if (content.length > 127) throw new Error('Longer lengths are not written here.');
  return Buffer.concat([Uint8Array.of(number * 8 + 2, content.length), content]);
}

function text(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('utf8');
}

/** Names of the operators in a graph, each once. */
export function operatorKinds(model: Uint8Array): ReadonlySet<string> {
  const kinds = graphFields(model, GRAPH.node).map((node) => {
    return text(fields(node).find(({ number }) => number === NODE.kind)?.bytes);
  });
  return new Set(kinds);
}
