/**
 * Marian's binary files, which Firefox's translations come as.
 *
 * Layout (`src/common/binary.cpp` of Marian), little-endian: u64 version = 1; u64 n; n × {u64 bytes of the name
 * with its 0, type, axes, bytes of the data}; the names; the shapes, i32; u64 gap, and as many bytes, so that the
 * data begins at a multiple of 256; the data, one after another, each with its padding. A type is its class and
 * the bytes of one number: 0x404 float32, 0x402 float16, 0x101 int8, 0x4101 intgemm8. The data of intgemm8 is
 * followed by the multiplier of the numbers, float32; matrices are transposed, but those of embeddings.
 */

import { VeerError } from '../../../contract/errors.ts';
import { ByteCursor } from '../byte-cursor.ts';
import { type ByteSource, damaged, elementsOf, quoted } from '../byte-source.ts';
import { BYTES_OF, type NumberType, readNumbers } from '../decode-values.ts';
import type { MarianFile, MarianItem } from './marian-items.ts';

const VERSION = 1;
const MOST_ITEMS = 65_536;
const LONGEST_NAME = 1024;
const HIGHEST_RANK = 4;
/** Bytes of one entry's numbers in the head. */
const HEADER = 32;
const SETTINGS = 'special:model.yml';
const LONGEST_SETTINGS = 1 << 20;
const INTGEMM8 = 0x4101;
const TYPES: Readonly<Record<number, NumberType>> = {
  257: 'int8',
  1026: 'float16',
  1028: 'float32',
  [INTGEMM8]: 'int8',
};

interface Header {
  readonly nameLength: number;
  readonly type: number;
  readonly axes: number;
  readonly bytes: number;
}

/**
 * Reads names, shapes, places and multipliers; no tensors.
 *
 * @throws VeerError MODEL_FORMAT_UNSUPPORTED for another file or numbers of another type, MODEL_FILE_DAMAGED
 *   where the file contradicts itself
 */
export async function readBinaryItems(source: ByteSource): Promise<MarianFile> {
  const cursor = new ByteCursor(source);
  const version = await cursor.u64();
  if (version !== VERSION) {
    throw new VeerError(
      'MODEL_FORMAT_UNSUPPORTED',
      `${source.name} is no binary Marian model of version ${VERSION}. Unpack it first if it is compressed.`,
    );
  }
  const headers = await readHeaders(cursor, source);
  const names: string[] = [];
  for (const { nameLength } of headers) names.push(await readName(cursor, source, nameLength));
  const shapes: number[][] = [];
  for (const { axes } of headers) {
    const shape: number[] = [];
    for (let axis = 0; axis < axes; axis++) shape.push(await cursor.i32());
    shapes.push(shape);
  }
  cursor.skip(await cursor.u64());
  const items = new Map<string, MarianItem>();
  let yml: string | null = null;
  for (const [i, header] of headers.entries()) {
    const name = names[i] ?? '';
    const { offset } = cursor;
    cursor.skip(header.bytes);
    if (name === SETTINGS) {
      yml = await readSettings(source, offset, header.bytes);
      continue;
    }
    if (items.has(name)) throw damaged(source.name, `${quoted(name)} is in it twice`);
    items.set(name, await readItem(source, name, shapes[i] ?? [], header, offset));
  }
  if (cursor.left > 0) throw damaged(source.name, `${cursor.left} bytes follow after its end`);
  if (yml === null) throw damaged(source.name, `its settings, ${SETTINGS}, are missing`);
  return { name: source.name, items, yml, close: () => source.close() };
}

async function readHeaders(cursor: ByteCursor, source: ByteSource): Promise<readonly Header[]> {
  const count = await cursor.u64();
  if (count > MOST_ITEMS || count * HEADER > cursor.left) {
    throw damaged(source.name, `it announces ${count} entries`);
  }
  const headers: Header[] = [];
  for (let i = 0; i < count; i++) {
    const nameLength = await cursor.u64();
    const type = await cursor.u64();
    const axes = await cursor.u64();
    const bytes = await cursor.u64();
    if (nameLength === 0 || nameLength > LONGEST_NAME || axes > HIGHEST_RANK) {
      throw damaged(source.name, `entry ${i} of its head is none`);
    }
    headers.push({ nameLength, type, axes, bytes });
  }
  return headers;
}

async function readName(cursor: ByteCursor, source: ByteSource, length: number): Promise<string> {
  const name = await cursor.text(length);
  if (name.indexOf('\0') !== length - 1 && !name.endsWith('\0')) {
    throw damaged(source.name, 'a name in it does not end');
  }
  return name.slice(0, name.indexOf('\0'));
}

async function readItem(
  source: ByteSource,
  name: string,
  shape: readonly number[],
  header: Header,
  offset: number,
): Promise<MarianItem> {
  const type = TYPES[header.type];
  if (type === undefined) {
    throw new VeerError(
      'MODEL_FORMAT_UNSUPPORTED',
      `${source.name} holds ${quoted(name)} in Marian's number type 0x${header.type.toString(16)}, which ` +
        'cannot be read. Save the model as float32 or intgemm8.',
    );
  }
  const size = BYTES_OF[type];
  const elements = elementsOf(shape, header.bytes / size, source.name, name);
  if (elements === 0) throw damaged(source.name, `${quoted(name)} is empty`);
  const common = { name, shape, source, type, offset, elements };
  if (header.type !== INTGEMM8) return { ...common, transposed: false, multiplier: 1 };
  const end = elements * size;
  if (end + 4 > header.bytes) throw damaged(source.name, `${quoted(name)} has no multiplier`);
  const [multiplier = 0] = await readNumbers(source, 'float32', offset + end, 1);
  if (!(multiplier > 0 && multiplier < Number.POSITIVE_INFINITY)) {
    throw damaged(source.name, `the multiplier of ${quoted(name)} is ${multiplier}`);
  }
  return { ...common, transposed: !name.includes('Wemb'), multiplier };
}

/** Text up to the 0 at its end; padding may follow. */
async function readSettings(source: ByteSource, offset: number, bytes: number): Promise<string> {
  if (bytes > LONGEST_SETTINGS) throw damaged(source.name, `its settings take ${bytes} bytes`);
  const text = (await source.read(offset, bytes)).toString('utf8');
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
