/**
 * The entries of a zip file, each as bytes at offsets. Layout: APPNOTE.TXT of PKWARE, sections 4.3.7 (local
 * header), 4.3.12 (central directory) and 4.3.16 (its end). Neither encryption nor zip64 is read.
 */

import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { VeerError } from '../../../contract/errors.ts';
import { type ByteSource, damaged, quoted } from '../byte-source.ts';

const END_SIGNATURE = 0x06054b50;
const END_LENGTH = 22;
const CENTRAL_SIGNATURE = 0x02014b50;
const CENTRAL_LENGTH = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_LENGTH = 30;
const LONGEST_COMMENT = 0xffff;
const LARGEST_DIRECTORY = 16 * 1024 * 1024;
const STORED = 0;
const DEFLATED = 8;
/** Deflate makes at most this many bytes out of one. */
const MOST_PER_BYTE = 1032;
const AT_A_TIME = 1 << 20;

/**
 * All entries by name. They share the file: it is closed with the source, never with an entry.
 *
 * @throws VeerError MODEL_FORMAT_UNSUPPORTED for a file that is no zip, or is encrypted, packed otherwise than by
 *   deflate, or larger than 4 GB; MODEL_FILE_DAMAGED where it contradicts itself
 */
export async function readZipEntries(source: ByteSource): Promise<ReadonlyMap<string, ByteSource>> {
  const directory = await readDirectory(source);
  const entries = new Map<string, ByteSource>();
  for (let at = 0; at < directory.length; ) {
    if (
      directory.length - at < CENTRAL_LENGTH ||
      directory.readUInt32LE(at) !== CENTRAL_SIGNATURE
    ) {
      throw damaged(source.name, 'its list of files is broken');
    }
    const nameLength = directory.readUInt16LE(at + 28);
    const nameStart = at + CENTRAL_LENGTH;
    if (nameLength > directory.length - nameStart) {
      throw damaged(source.name, 'its list of files is cut off');
    }
    const name = directory.toString('utf8', nameStart, nameStart + nameLength);
    if (entries.has(name)) throw damaged(source.name, `${quoted(name)} is in it twice`);
    entries.set(name, await openEntry(source, name, directory.subarray(at, nameStart)));
    at = nameStart + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

async function readDirectory(source: ByteSource): Promise<Buffer> {
  const length = Math.min(source.size, END_LENGTH + LONGEST_COMMENT);
  const tail = await source.read(source.size - length, length);
  for (let at = length - END_LENGTH; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END_SIGNATURE) continue;
    const bytes = tail.readUInt32LE(at + 12);
    if (bytes > LARGEST_DIRECTORY) throw unread(source, 'is too large');
    return source.read(tail.readUInt32LE(at + 16), bytes);
  }
  throw unread(source, 'is no zip file');
}

async function openEntry(source: ByteSource, name: string, central: Buffer): Promise<ByteSource> {
  const flags = central.readUInt16LE(8);
  const method = central.readUInt16LE(10);
  const packed = central.readUInt32LE(20);
  const size = central.readUInt32LE(24);
  const offset = central.readUInt32LE(42);
  if ((flags & 1) !== 0) throw unread(source, 'is encrypted');
  if (packed === 0xffffffff || size === 0xffffffff || offset === 0xffffffff) {
    throw unread(source, 'is too large');
  }
  const local = await source.read(offset, LOCAL_LENGTH);
  if (local.readUInt32LE(0) !== LOCAL_SIGNATURE) {
    throw damaged(source.name, `${quoted(name)} is not where it should be`);
  }
  const start = offset + LOCAL_LENGTH + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (packed > source.size - start) throw damaged(source.name, `${quoted(name)} is cut off`);
  if (method === STORED) {
    if (packed !== size) throw damaged(source.name, `${quoted(name)} has two sizes`);
    return part(source, size, (from, length) => source.read(start + from, length));
  }
  if (method !== DEFLATED) throw unread(source, `is packed by method ${method}`);
  if (size > packed * MOST_PER_BYTE)
    throw damaged(source.name, `${quoted(name)} cannot be so large`);
  return part(source, size, (from, length) =>
    inflate(source, { start, packed, size }, from, length),
  );
}

function part(
  { name }: ByteSource,
  size: number,
  read: (from: number, length: number) => Promise<Buffer<ArrayBuffer>>,
): ByteSource {
  return {
    name,
    size,
    async read(offset, length) {
      const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
      if (!whole || offset < 0 || length < 0 || length > size - offset) {
        throw damaged(name, 'it ends too early');
      }
      return read(offset, length);
    },
    async close() {},
  };
}

/** Unpacks an entry from its start, and keeps the bytes asked for. */
async function inflate(
  source: ByteSource,
  entry: { readonly start: number; readonly packed: number; readonly size: number },
  from: number,
  length: number,
): Promise<Buffer<ArrayBuffer>> {
  const bytes = Buffer.from(new ArrayBuffer(length));
  let done = 0;
  async function* packed(): AsyncGenerator<Buffer> {
    for (let at = 0; at < entry.packed; at += AT_A_TIME) {
      yield await source.read(entry.start + at, Math.min(AT_A_TIME, entry.packed - at));
    }
  }
  try {
    await pipeline(packed, createInflateRaw(), async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) {
        const begin = Math.max(from - done, 0);
        const end = Math.min(from + length - done, piece.length);
        if (begin < end) piece.copy(bytes, done + begin - from, begin, end);
        done += piece.length;
        if (done > entry.size) throw damaged(source.name, 'it is larger than it says');
      }
    });
  } catch (cause) {
    if (cause instanceof VeerError) throw cause;
    throw damaged(source.name, 'it cannot be unpacked', cause);
  }
  if (done < entry.size) throw damaged(source.name, 'it ends too early');
  return bytes;
}

function unread({ name }: ByteSource, what: string): VeerError {
  return new VeerError(
    'MODEL_FORMAT_UNSUPPORTED',
    `${name} ${what} and cannot be read. Save the model as an uncompressed .npz file.`,
  );
}
