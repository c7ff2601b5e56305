/**
 * Encoder outputs kept on the disk, one file per unit, so that another α later costs no encoding.
 * A file that is damaged, or belongs to something else, counts as not there; a file that cannot be
 * written is left out. Not promised: that what was written is still there, since the owner of the
 * folder deletes the oldest files.
 *
 * Layout, little-endian: `VEERENC1`, SHA-256 of the key (32 bytes), positions T and hidden size D
 * (uint32 each), CRC-32 of the whole file with this field 0 (uint32), four zero bytes, hidden
 * states (float32, T·D), valid mask (T bytes). T = 0 stands for silence, which is never encoded.
 */

import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Model } from '../models/model.ts';
import type { EncodedRow } from './encoded-rows.ts';

const MAGIC = Buffer.from('VEERENC1', 'latin1');
const KEY_BYTES = 32;
const POSITIONS_AT = MAGIC.length + KEY_BYTES;
const HIDDEN_SIZE_AT = POSITIONS_AT + 4;
const CHECKSUM_AT = HIDDEN_SIZE_AT + 4;
const HEADER_BYTES = CHECKSUM_AT + 8;

export class EncoderCache {
  readonly #directory: string;
  readonly #encoder: string;
  readonly #hiddenSize: number;
  #found = 0;
  #encoded = 0;

  private constructor(
    directory: string,
    model: Pick<Model<unknown>, 'identity' | 'device' | 'hiddenSize'>,
  ) {
    const { encoderSha256, dtype } = model.identity;
    this.#directory = directory;
    this.#encoder = `${encoderSha256} ${dtype} ${model.device.used}`;
    this.#hiddenSize = model.hiddenSize;
  }

  /** For one run. The folder is made here and never again: it may be deleted while the run goes on. */
  static async open(
    directory: string,
    model: Pick<Model<unknown>, 'identity' | 'device' | 'hiddenSize'>,
  ): Promise<EncoderCache> {
    // Without a folder nothing is found and nothing kept, and the run goes on.
    await mkdir(directory, { recursive: true }).catch(() => undefined);
    return new EncoderCache(directory, model);
  }

  /** Units so far whose output was there, and units that were encoded. */
  get counts(): { readonly found: number; readonly encoded: number } {
    return { found: this.#found, encoded: this.#encoded };
  }

  countEncoded(units: number): void {
    this.#encoded += units;
  }

  /** @param unit names the encoder input; @returns null where its output is not kept */
  async read(unit: string): Promise<EncodedRow | null> {
    const key = this.#key(unit);
    const path = this.#path(key);
    const bytes = await readFile(path).catch(() => null);
    const row = bytes === null ? null : parse(bytes, key, this.#hiddenSize);
    if (row === null) return null;
    if (row.validMask.length > 0) this.#found++;
    // The owner of the folder deletes what was not used for longest.
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined);
    return row;
  }

  async write(unit: string, row: EncodedRow): Promise<void> {
    const key = this.#key(unit);
    const path = this.#path(key);
    const temporary = `${path}.part`;
    try {
      const file = await open(temporary, 'w');
      try {
        await file.writeFile(serialise(key, row, this.#hiddenSize));
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch {
      // A full disk, or a folder that is gone: the next run encodes again.
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  #key(unit: string): Buffer {
    return createHash('sha256').update(`${this.#encoder} ${unit}`).digest();
  }

  #path(key: Buffer): string {
    return join(this.#directory, `${key.toString('hex')}.encoder`);
  }
}

function serialise(key: Buffer, row: EncodedRow, hiddenSize: number): Buffer {
  const { hiddenStates, validMask } = row;
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  key.copy(header, MAGIC.length);
  header.writeUInt32LE(validMask.length, POSITIONS_AT);
  header.writeUInt32LE(hiddenSize, HIDDEN_SIZE_AT);
  const { buffer, byteOffset, byteLength } = hiddenStates;
  const bytes = Buffer.concat([header, Buffer.from(buffer, byteOffset, byteLength), validMask]);
  bytes.writeUInt32LE(crc32(bytes), CHECKSUM_AT);
  return bytes;
}

/** Null for anything but a whole file of this key. */
function parse(bytes: Buffer, key: Buffer, hiddenSize: number): EncodedRow | null {
  if (bytes.length < HEADER_BYTES) return null;
  const positions = bytes.readUInt32LE(POSITIONS_AT);
  const stateBytes = 4 * positions * hiddenSize;
  if (bytes.length !== HEADER_BYTES + stateBytes + positions) return null;
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  if (!bytes.subarray(MAGIC.length, POSITIONS_AT).equals(key)) return null;
  if (bytes.readUInt32LE(HIDDEN_SIZE_AT) !== hiddenSize) return null;
  const checksum = bytes.readUInt32LE(CHECKSUM_AT);
  bytes.writeUInt32LE(0, CHECKSUM_AT);
  if (crc32(bytes) !== checksum) return null;
  // A copy: the bytes of the file need not lie where float32 can be read.
  const hiddenStates = new Float32Array(positions * hiddenSize);
  bytes.copy(Buffer.from(hiddenStates.buffer), 0, HEADER_BYTES, HEADER_BYTES + stateBytes);
  return { hiddenStates, validMask: Uint8Array.from(bytes.subarray(HEADER_BYTES + stateBytes)) };
}
