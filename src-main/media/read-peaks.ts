/** Reads a span of a peaks file: only its header and the bytes of the span. */

import { type FileHandle, open } from 'node:fs/promises';
import { VeerError } from '../contract/errors.ts';
import {
  BYTES_PER_PIECE,
  MOST_HEADER_BYTES,
  type PeaksHeader,
  type PeaksLevel,
  parseHeader,
  SCALE,
} from './peaks-format.ts';

export interface PeaksQuery {
  /** Seconds. */
  readonly from: number;
  readonly to: number;
  /** Pieces wanted over the span; above 0. */
  readonly pieces: number;
}

export interface Peaks {
  /** Seconds that one piece covers. */
  readonly step: number;
  /** Seconds at which the first piece begins; at most the `from` asked for. */
  readonly from: number;
  /** Lowest and highest sample of each piece, -1 to 1. Empty beyond the end of the recording. */
  readonly low: number[];
  readonly high: number[];
}

/** A step that is coarser by no more than rounding is still the one asked for. */
const ROUNDING = 1 + 1e-9;

/**
 * The span at the coarsest resolution that has at least the pieces asked for, or at the finest.
 *
 * @throws VeerError MEDIA_NOT_READY where there is no such file, MEDIA_UNRECOGNISED for one that is
 *   damaged or something else
 */
export async function readPeaks(path: string, span: PeaksQuery): Promise<Peaks> {
  await using file = await openPeaks(path);
  const header = await readHeader(file);
  if (header === null) throw unrecognised();
  const level = chooseLevel(header, (span.to - span.from) / span.pieces);
  const step = level.samplesPerPiece / header.samplingRate;
  let first = clamp(Math.floor(span.from / step), level.count);
  if (first > 0 && first * step > span.from) first--;
  const end = Math.max(first, clamp(Math.ceil(span.to / step), level.count));
  const bytes = await read(file, (end - first) * BYTES_PER_PIECE, level.offset + first * 2);
  const low: number[] = [];
  const high: number[] = [];
  for (let at = 0; at < bytes.length; at += BYTES_PER_PIECE) {
    low.push(value(bytes, at));
    high.push(value(bytes, at + 1));
  }
  return { step, from: first * step, low, high };
}

async function openPeaks(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw new VeerError(
      'MEDIA_NOT_READY',
      'The sound curve of this recording is not made yet. Try again in a moment.',
      { cause },
    );
  }
}

async function readHeader(file: FileHandle): Promise<PeaksHeader | null> {
  try {
    const { size } = await file.stat();
    return parseHeader(await read(file, Math.min(size, MOST_HEADER_BYTES), 0), size);
  } catch (cause) {
    throw unrecognised(cause);
  }
}

function chooseLevel({ levels, samplingRate }: PeaksHeader, wanted: number): PeaksLevel {
  const fine = levels.filter((level) => level.samplesPerPiece / samplingRate <= wanted * ROUNDING);
  const chosen = fine.at(-1) ?? levels[0];
  if (chosen === undefined) throw unrecognised();
  return chosen;
}

/** @throws VeerError MEDIA_UNRECOGNISED where the file ends before */
async function read(file: FileHandle, length: number, position: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await file.read(bytes, at, length - at, position + at);
    if (bytesRead === 0) throw unrecognised();
    at += bytesRead;
  }
  return bytes;
}

function value(bytes: Buffer, at: number): number {
  return Math.max(-1, bytes.readInt8(at) / SCALE);
}

function clamp(piece: number, count: number): number {
  return Math.min(Math.max(0, piece), count);
}

function unrecognised(cause?: unknown): VeerError {
  return new VeerError(
    'MEDIA_UNRECOGNISED',
    'The sound curve of this recording is damaged. Import the recording again.',
    { cause },
  );
}
