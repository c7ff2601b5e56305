/** Writes `model.bin` of any binary version, and a tiny translator in it. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A variable to write; without a shape it is a scalar, or a text. */
export interface WrittenVariable {
  readonly type: 'float32' | 'int8' | 'int16' | 'int32';
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const TYPES = { float32: 0, int8: 1, int16: 2, int32: 3 } as const;
const SIZES = { float32: 4, int8: 1, int16: 2, int32: 4 } as const;

export interface WrittenModel {
  readonly binaryVersion: number;
  readonly spec: string;
  readonly revision: number;
  readonly variables: Readonly<Record<string, WrittenVariable>>;
  /** Alias to name; written from version 3 on. */
  readonly aliases?: Readonly<Record<string, string>>;
}

export function modelBytes(model: WrittenModel): Buffer {
  const parts: Buffer[] = [u32(model.binaryVersion), text(model.spec), u32(model.revision)];
  const variables = Object.entries(model.variables).sort(([a], [b]) => (a < b ? -1 : 1));
  parts.push(u32(variables.length));
  for (const [name, { type, shape, values }] of variables) {
    parts.push(text(name), Buffer.of(shape.length), ...shape.map(u32));
    const old = model.binaryVersion < 4;
    parts.push(Buffer.of(old ? SIZES[type] : TYPES[type]));
    parts.push(u32(old ? values.length : values.length * SIZES[type]), numbers(type, values));
  }
  if (model.binaryVersion >= 3) {
    const aliases = Object.entries(model.aliases ?? {});
    parts.push(u32(aliases.length), ...aliases.flat().map(text));
  }
  return Buffer.concat(parts);
}

let written = 0;

/** The path of a new file in a folder. */
export function writeModel(folder: string, bytes: Uint8Array): string {
  const path = join(folder, `model-${written++}.bin`);
  writeFileSync(path, bytes);
  return path;
}

export function scalar(value: number, type: WrittenVariable['type'] = 'int8'): WrittenVariable {
  return { type, shape: [], values: [value] };
}

export function words(value: string): WrittenVariable {
  const values = [...Buffer.from(value)];
  return { type: 'int8', shape: [values.length], values };
}

/** Numbers that differ from place to place and name to name. */
export function tensor(name: string, ...shape: readonly number[]): WrittenVariable {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Array.from({ length: count }, (_, i) =>
    Math.fround(((i * 37 + name.length) % 101) / 64),
  );
  return { type: 'float32', shape, values };
}

/** The weights of a translator of the BART shape: width 4, feed-forward 6, one layer a side, 5 tokens. */
export function translatorWeights(): Record<string, WrittenVariable> {
  const weights: Record<string, WrittenVariable> = {};
  const add = (name: string, ...shape: readonly number[]): void => {
    weights[name] = tensor(name, ...shape);
  };
  const linear = (name: string, out: number, input: number): void => {
    add(`${name}/weight`, out, input);
    add(`${name}/bias`, out);
  };
  const norm = (name: string): void => {
    add(`${name}/gamma`, 4);
    add(`${name}/beta`, 4);
  };
  for (const stack of ['encoder', 'decoder']) {
    const layer = `${stack}/layer_0`;
    norm(`${layer}/self_attention/layer_norm`);
    linear(`${layer}/self_attention/linear_0`, 12, 4);
    linear(`${layer}/self_attention/linear_1`, 4, 4);
    norm(`${layer}/ffn/layer_norm`);
    linear(`${layer}/ffn/linear_0`, 6, 4);
    linear(`${layer}/ffn/linear_1`, 4, 6);
  }
  norm('decoder/layer_0/attention/layer_norm');
  linear('decoder/layer_0/attention/linear_0', 4, 4);
  linear('decoder/layer_0/attention/linear_1', 8, 4);
  linear('decoder/layer_0/attention/linear_2', 4, 4);
  add('encoder/embeddings/weight', 5, 4);
  add('decoder/embeddings/weight', 5, 4);
  return weights;
}

function numbers(type: WrittenVariable['type'], values: readonly number[]): Buffer {
  switch (type) {
    case 'float32':
      return Buffer.from(new Float32Array(values).buffer);
    case 'int8':
      return Buffer.from(new Int8Array(values).buffer);
    case 'int16':
      return Buffer.from(new Int16Array(values).buffer);
    case 'int32':
      return Buffer.from(new Int32Array(values).buffer);
  }
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(`${value}\0`);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(bytes.length);
  return Buffer.concat([length, bytes]);
}
