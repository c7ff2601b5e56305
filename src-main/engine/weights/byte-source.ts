/** Files of weights as bytes at offsets. Nothing outside the file is ever read or allocated for. */

import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { causeCode, VeerError } from '../../contract/errors.ts';

/** Bytes that Node reads in one call: less than 2 GiB. */
const MOST_AT_ONCE = 2 ** 30;

/** Bytes at offsets; whoever opened it closes it. */
export interface ByteSource {
  /** The file's name without its folder, for messages. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * `length` bytes from `offset`, in memory of their own that starts at a multiple of 8.
   *
   * @throws VeerError MODEL_FILE_DAMAGED for anything but a range within the file, before memory is taken
   */
  read(offset: number, length: number): Promise<Buffer<ArrayBuffer>>;
  close(): Promise<void>;
}

/** The file's size is taken once: one that shrinks afterwards is damaged. */
class FileBytes implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #file: FileHandle;

  constructor(name: string, size: number, file: FileHandle) {
    this.name = name;
    this.size = size;
    this.#file = file;
  }

  async read(offset: number, length: number): Promise<Buffer<ArrayBuffer>> {
    checkRange(this, offset, length);
    const bytes = Buffer.from(new ArrayBuffer(length));
    for (let done = 0; done < length; ) {
      const most = Math.min(MOST_AT_ONCE, length - done);
      const { bytesRead } = await this.#file.read(bytes, done, most, offset + done);
      if (bytesRead === 0) throw damaged(this.name, 'it ends too early');
      done += bytesRead;
    }
    return bytes;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** @throws VeerError MODEL_FILE_MISSING where there is no such file, or it cannot be opened */
export async function openBytes(path: string): Promise<ByteSource> {
  const name = basename(path);
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (cause) {
    const absent = causeCode(cause) === 'ENOENT';
    throw new VeerError(
      'MODEL_FILE_MISSING',
      absent
        ? `There is no ${name} where the model lies. Copy the whole folder again.`
        : `${name} cannot be opened. Check its permissions.`,
      { cause },
    );
  }
  const stats = await file.stat();
  if (stats.isFile()) return new FileBytes(name, stats.size, file);
  await file.close();
  throw new VeerError('MODEL_FILE_MISSING', `${name} is not a file. Choose the file of weights.`);
}

/** Bytes that are in memory already, such as an entry taken out of an archive. */
export function bytesInMemory(name: string, bytes: Uint8Array): ByteSource {
  const source: ByteSource = {
    name,
    size: bytes.length,
    async read(offset, length) {
      checkRange(source, offset, length);
      const copy = Buffer.from(new ArrayBuffer(length));
      copy.set(bytes.subarray(offset, offset + length));
      return copy;
    },
    async close() {},
  };
  return source;
}

/**
 * The error of a file of weights that contradicts itself or its format.
 *
 * @param file its name
 * @param reason a clause without a full stop: `the header is longer than the file`
 */
export function damaged(file: string, reason: string, cause?: unknown): VeerError {
  return new VeerError(
    'MODEL_FILE_DAMAGED',
    `${file} is damaged: ${reason}. Download or copy it again.`,
    { cause },
  );
}

/**
 * The number of elements of a shape; 1 for a scalar.
 *
 * @param limit elements that the file has room for
 * @throws VeerError MODEL_FILE_DAMAGED for dimensions that are no whole numbers from 0, and for more than `limit`
 */
export function elementsOf(
  shape: readonly number[],
  limit: number,
  file: string,
  tensor: string,
): number {
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw damaged(file, `the shape of ${quoted(tensor)} is [${shape.join(', ')}]`);
  }
  if (shape.includes(0)) return 0;
  let elements = 1;
  for (const size of shape) {
    elements *= size;
    if (elements > limit) throw damaged(file, `${quoted(tensor)} is larger than the file`);
  }
  return elements;
}

/** A name out of a file, short enough for a message and without control characters. */
export function quoted(name: string): string {
  const short = name.length > 120 ? `${name.slice(0, 120)}…` : name;
  return JSON.stringify(short);
}

function checkRange({ name, size }: ByteSource, offset: number, length: number): void {
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
  if (!whole || offset < 0 || length < 0 || length > size - offset) {
    throw damaged(name, 'it ends too early');
  }
}
