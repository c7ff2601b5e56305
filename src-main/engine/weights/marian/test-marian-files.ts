/** Writes tiny models as Marian does: `.npz`, stored or deflated, and binary with intgemm8. */

import { deflateRawSync } from 'node:zlib';

export interface WrittenItem {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}
export type WrittenItems = Readonly<Record<string, WrittenItem>>;

export const WIDTH = 8;
export const FEED_FORWARD = 12;
export const VOCABULARY = 10;

/** Settings of a model with two layers in the encoder and one in the decoder. */
export function settings(
  decoder: 'self-attention' | 'rnn',
  more: Record<string, string> = {},
): string {
  const options = {
    type: 'transformer',
    'dim-emb': `${WIDTH}`,
    'transformer-heads': '2',
    'enc-depth': '2',
    'dec-depth': '1',
    'dec-cell': 'ssru',
    'transformer-decoder-autoreg': decoder,
    'transformer-ffn-activation': 'relu',
    'transformer-preprocess': '""',
    'transformer-postprocess': 'dan',
    'transformer-postprocess-emb': 'd',
    'transformer-tied-layers': '\n  []',
    'dim-vocabs': `\n  - ${VOCABULARY}\n  - ${VOCABULARY}`,
    version: 'v1.12.14 2be8344f 2023-11-17 15:00:00 +0000',
    ...more,
  };
  return Object.entries(options)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

/** Its parameters, each number a multiple of 1/64 below 2 in size. */
export function parameters(decoder: 'self-attention' | 'rnn'): Record<string, WrittenItem> {
  const items: Record<string, WrittenItem> = {};
  const add = (name: string, ...shape: readonly number[]): void => {
    const count = shape.reduce((product, size) => product * size, 1);
    const seed = Object.keys(items).length * 29;
    const values = Float32Array.from(
      { length: count },
      (_, i) => (((i * 37 + seed) % 255) - 127) / 64,
    );
    items[name] = { shape, values };
  };
  const norm = (name: string): void => {
    add(`${name}_ln_scale`, 1, WIDTH);
    add(`${name}_ln_bias`, 1, WIDTH);
  };
  const attention = (name: string): void => {
    for (const part of 'qkvo') {
      add(`${name}_W${part}`, WIDTH, WIDTH);
      add(`${name}_b${part}`, 1, WIDTH);
    }
    norm(`${name}_Wo`);
  };
  const feedForward = (name: string): void => {
    add(`${name}_W1`, WIDTH, FEED_FORWARD);
    add(`${name}_b1`, 1, FEED_FORWARD);
    add(`${name}_W2`, FEED_FORWARD, WIDTH);
    add(`${name}_b2`, 1, WIDTH);
    norm(`${name}_ffn`);
  };
  for (const layer of ['encoder_l1', 'encoder_l2', 'decoder_l1']) {
    if (layer === 'decoder_l1' && decoder === 'rnn') {
      add(`${layer}_rnn_W`, WIDTH, WIDTH);
      add(`${layer}_rnn_Wf`, WIDTH, WIDTH);
      add(`${layer}_rnn_bf`, 1, WIDTH);
      norm(`${layer}_rnn_ffn`);
    } else {
      attention(`${layer}_self`);
    }
    feedForward(`${layer}_ffn`);
  }
  attention('decoder_l1_context');
  add('Wemb', VOCABULARY, WIDTH);
  add('decoder_ff_logit_out_b', 1, VOCABULARY);
  return items;
}

export function npzBytes(items: WrittenItems, yml: string, deflated: boolean): Buffer {
  const files: [string, Buffer][] = Object.entries(items).map(([name, { shape, values }]) => [
    `${name}.npy`,
    npy('<f4', shape, Buffer.from(values.buffer)),
  ]);
  const text = Buffer.from(`${yml}\0`);
  files.push(['special:model.yml.npy', npy('|i1', [text.length], text)]);
  return zip(files, deflated);
}

function npy(descr: string, shape: readonly number[], data: Buffer): Buffer {
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const header = `${dictionary.padEnd(117)}\n`;
  const start = Buffer.from(`\x93NUMPY\x01\x00${String.fromCharCode(header.length)}\x00`, 'latin1');
  return Buffer.concat([start, Buffer.from(header, 'latin1'), data]);
}

function zip(files: readonly (readonly [string, Buffer])[], deflated: boolean): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, data] of files) {
    const packed = deflated ? deflateRawSync(data) : data;
    const method = deflated ? 8 : 0;
    const fields = Buffer.concat([
      u16(20, 0, method, 0, 0),
      u32(0, packed.length, data.length),
      u16(Buffer.byteLength(name), 0),
    ]);
    const local = Buffer.concat([u32(0x04034b50), fields, Buffer.from(name), packed]);
    central.push(
      Buffer.concat([
        u32(0x02014b50),
        u16(20),
        fields,
        u16(0, 0, 0),
        u32(0, offset),
        Buffer.from(name),
      ]),
    );
    parts.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = [u32(0x06054b50), u16(0, 0, files.length, files.length)];
  return Buffer.concat([...parts, directory, ...end, u32(directory.length, offset), u16(0)]);
}

/** All matrices as intgemm8, as `marian-conv --gemm-type intgemm8` does, where `quantised`. */
export function binaryBytes(items: WrittenItems, yml: string, quantised: boolean): Buffer {
  const entries: { name: string; type: number; shape: readonly number[]; data: Buffer }[] = [];
  for (const [name, { shape, values }] of Object.entries(items)) {
    const matrix = /_W.{0,1}$|Wemb/.test(name);
    if (quantised && matrix)
      entries.push({ name, type: 0x4101, shape, data: intgemm(name, shape, values) });
    else entries.push({ name, type: 0x404, shape, data: Buffer.from(values.buffer) });
    if (quantised && matrix) {
      const alpha = Buffer.from(new Float32Array([23]).buffer);
      entries.push({ name: `${name}_QuantMultA`, type: 0x404, shape: [1, 1], data: alpha });
    }
  }
  const text = Buffer.from(`${yml}\0`);
  entries.push({ name: 'special:model.yml', type: 0x101, shape: [text.length], data: text });
  const head = Buffer.concat([
    u64(1, entries.length),
    ...entries.map(({ name, type, shape, data }) =>
      u64(name.length + 1, type, shape.length, padded(data).length),
    ),
    ...entries.map(({ name }) => Buffer.from(`${name}\0`)),
    ...entries.map(({ shape }) => u32(...shape)),
  ]);
  const gap = (Math.floor((head.length + 8) / 256) + 1) * 256 - head.length - 8;
  const data = entries.map((entry) => padded(entry.data));
  return Buffer.concat([head, u64(gap), Buffer.alloc(gap), ...data]);
}

function intgemm(name: string, shape: readonly number[], values: Float32Array): Buffer {
  const [rows = 1, columns = 1] = shape;
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const multiplier = Math.fround(127 / most);
  const numbers = new Int8Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = name.includes('Wemb') ? i * columns + j : j * rows + i;
      numbers[at] = Math.round((values[i * columns + j] ?? 0) * multiplier);
    }
  }
  return Buffer.concat([
    Buffer.from(numbers.buffer),
    Buffer.from(new Float32Array([multiplier]).buffer),
  ]);
}

function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc((256 - (data.length % 256)) % 256)]);
}

function u16(...values: readonly number[]): Buffer {
  return Buffer.from(new Uint16Array(values).buffer);
}

function u32(...values: readonly number[]): Buffer {
  return Buffer.from(new Uint32Array(values).buffer);
}

function u64(...values: readonly number[]): Buffer {
  return Buffer.from(new BigUint64Array(values.map(BigInt)).buffer);
}
