/** Reading the head of a file of weights from one value to the next, little-endian. */

import { type ByteSource, damaged } from './byte-source.ts';

/** Bytes read ahead; one that asks for more at once gets exactly that. */
const AHEAD = 65_536;

/**
 * A place in a source that moves on with everything read.
 *
 * Every method throws VeerError MODEL_FILE_DAMAGED where the file ends before the value.
 */
export class ByteCursor {
  readonly #source: ByteSource;
  /** Bytes from `#start` on that have been read already. */
  #buffer = Buffer.alloc(0);
  #start = 0;
  #offset: number;

  constructor(source: ByteSource, offset = 0) {
    this.#source = source;
    this.#offset = offset;
  }

  /** Where the next value begins. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes up to the end of the file. */
  get left(): number {
    return this.#source.size - this.#offset;
  }

  async u8(): Promise<number> {
    return (await this.#take(1)).readUInt8();
  }

  async u16(): Promise<number> {
    return (await this.#take(2)).readUInt16LE();
  }

  async u32(): Promise<number> {
    return (await this.#take(4)).readUInt32LE();
  }

  async i32(): Promise<number> {
    return (await this.#take(4)).readInt32LE();
  }

  /** Numbers from 2^53 are no lengths of anything and count as damage. */
  async u64(): Promise<number> {
    const value = (await this.#take(8)).readBigUInt64LE();
    if (value > Number.MAX_SAFE_INTEGER) {
      throw damaged(this.#source.name, `${value} is given as a length`);
    }
    return Number(value);
  }

  /** A copy of the next `length` bytes. */
  async bytes(length: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.#take(length));
  }

  /**
   * The next `length` bytes as text.
   *
   * @throws VeerError MODEL_FILE_DAMAGED where they are not UTF-8, too
   */
  async text(length: number): Promise<string> {
    const bytes = await this.#take(length);
    try {
      return UTF8.decode(bytes);
    } catch (cause) {
      throw damaged(this.#source.name, 'a name in it is not UTF-8', cause);
    }
  }

  /** Passes over `length` bytes without reading them. */
  skip(length: number): void {
    if (!(Number.isSafeInteger(length) && length >= 0 && length <= this.left)) {
      throw damaged(this.#source.name, 'it ends too early');
    }
    this.#offset += length;
  }

  /** The next bytes, valid up to the next call. */
  async #take(length: number): Promise<Buffer> {
    const from = this.#offset - this.#start;
    if (from + length > this.#buffer.length) {
      const ahead = Math.max(length, Math.min(AHEAD, this.left));
      this.#buffer = await this.#source.read(this.#offset, ahead);
      this.#start = this.#offset;
      this.#offset += length;
      return this.#buffer.subarray(0, length);
    }
    this.#offset += length;
    return this.#buffer.subarray(from, from + length);
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
