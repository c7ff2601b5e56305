/**
 * The peaks file (docs/media.md): lowest and highest sample of equal pieces of a recording, at
 * several resolutions. All numbers are little-endian.
 *
 * | at | type | what |
 * |---|---|---|
 * | 0 | 8 bytes | `VEERPEAK` |
 * | 8 | uint32 | version, 1 |
 * | 12 | uint32 | sampling rate in Hz |
 * | 16 | uint64 | duration in samples |
 * | 24 | uint32 | number of levels, 1 to 16 |
 * | 28 + 12 i | 3 × uint32 | level i: samples per piece, pieces, offset of its pieces in the file |
 *
 * A piece is two int8: the lowest sample times 127, rounded down, and the highest, rounded up. The
 * levels follow each other without gaps, the finest first; each next one is 8 times coarser.
 */

const MAGIC = Buffer.from('VEERPEAK', 'latin1');
const VERSION = 1;
/** Seconds that a piece of the finest level covers. */
export const FINEST_STEP = 0.01;
/** How many pieces of a level one piece of the next covers. */
export const LEVEL_FACTOR = 8;
/** The coarsest level has at most so many pieces. */
const COARSEST_PIECES = 512;
const MOST_LEVELS = 16;
/** What 1 is in the file. */
export const SCALE = 127;
export const BYTES_PER_PIECE = 2;
const LEVELS_AT = 28;
const LEVEL_BYTES = 12;
/** The longest header. */
export const MOST_HEADER_BYTES = LEVELS_AT + MOST_LEVELS * LEVEL_BYTES;

export interface PeaksLevel {
  readonly samplesPerPiece: number;
  readonly count: number;
  /** Bytes from the start of the file. */
  readonly offset: number;
}

export interface PeaksHeader {
  /** Hz. */
  readonly samplingRate: number;
  /** Duration in samples. */
  readonly samples: number;
  /** The finest first; at least one. */
  readonly levels: readonly PeaksLevel[];
}

/** Which levels a recording has, and where they lie. */
export function layOut(samplingRate: number, samples: number): PeaksHeader {
  const sizes: { readonly samplesPerPiece: number; readonly count: number }[] = [];
  let samplesPerPiece = Math.max(1, Math.round(FINEST_STEP * samplingRate));
  for (;;) {
    const count = Math.ceil(samples / samplesPerPiece);
    sizes.push({ samplesPerPiece, count });
    if (count <= COARSEST_PIECES) break;
    samplesPerPiece *= LEVEL_FACTOR;
  }
  let offset = LEVELS_AT + sizes.length * LEVEL_BYTES;
  const levels = sizes.map((size) => {
    const level = { ...size, offset };
    offset += size.count * BYTES_PER_PIECE;
    return level;
  });
  return { samplingRate, samples, levels };
}

export function serialiseHeader({ samplingRate, samples, levels }: PeaksHeader): Buffer {
  const bytes = Buffer.alloc(LEVELS_AT + levels.length * LEVEL_BYTES);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(VERSION, 8);
  bytes.writeUInt32LE(samplingRate, 12);
  bytes.writeBigUInt64LE(BigInt(samples), 16);
  bytes.writeUInt32LE(levels.length, 24);
  levels.forEach((level, i) => {
    bytes.writeUInt32LE(level.samplesPerPiece, LEVELS_AT + i * LEVEL_BYTES);
    bytes.writeUInt32LE(level.count, LEVELS_AT + i * LEVEL_BYTES + 4);
    bytes.writeUInt32LE(level.offset, LEVELS_AT + i * LEVEL_BYTES + 8);
  });
  return bytes;
}

/**
 * @param bytes the beginning of a file, at least `MOST_HEADER_BYTES` or all of it
 * @param size bytes of the whole file
 * @returns null for anything but a whole file of this version
 */
export function parseHeader(bytes: Buffer, size: number): PeaksHeader | null {
  if (bytes.length < LEVELS_AT || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  if (bytes.readUInt32LE(8) !== VERSION) return null;
  const samplingRate = bytes.readUInt32LE(12);
  const samples = Number(bytes.readBigUInt64LE(16));
  if (samplingRate === 0 || !Number.isSafeInteger(samples)) return null;
  // The rest follows from these two; a file that says otherwise was not written by us.
  const header = layOut(samplingRate, samples);
  const expected = serialiseHeader(header);
  if (!bytes.subarray(0, expected.length).equals(expected)) return null;
  const last = header.levels.at(-1);
  return last !== undefined && size === last.offset + last.count * BYTES_PER_PIECE ? header : null;
}
