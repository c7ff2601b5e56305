/** Makes a peaks file while samples go by. Memory: 200 bytes per second of sound. */

import {
  BYTES_PER_PIECE,
  FINEST_STEP,
  LEVEL_FACTOR,
  layOut,
  SCALE,
  serialiseHeader,
} from './peaks-format.ts';

export class PeaksBuilder {
  readonly #samplingRate: number;
  readonly #samplesPerPiece: number;
  /** Low and high of each finest piece; longer than what is in it. */
  #pieces = new Int8Array(1 << 16);
  #count = 0;
  #samples = 0;
  #low = Number.POSITIVE_INFINITY;
  #high = Number.NEGATIVE_INFINITY;
  /** Samples in the piece that is being filled. */
  #filled = 0;

  /** @param samplingRate Hz */
  constructor(samplingRate: number) {
    this.#samplingRate = samplingRate;
    this.#samplesPerPiece = Math.max(1, Math.round(FINEST_STEP * samplingRate));
  }

  /** @param samples what lies beyond [-1, 1] is stored as its end */
  add(samples: Float32Array): void {
    for (const sample of samples) {
      if (sample < this.#low) this.#low = sample;
      if (sample > this.#high) this.#high = sample;
      if (++this.#filled === this.#samplesPerPiece) this.#endPiece();
    }
    this.#samples += samples.length;
  }

  /** The file. Nothing can be added afterwards. */
  finish(): Buffer {
    if (this.#filled > 0) this.#endPiece();
    const header = layOut(this.#samplingRate, this.#samples);
    const parts: Uint8Array[] = [serialiseHeader(header)];
    let level = this.#pieces.subarray(0, this.#count * BYTES_PER_PIECE);
    for (const [i] of header.levels.entries()) {
      if (i > 0) level = coarser(level);
      parts.push(new Uint8Array(level.buffer, level.byteOffset, level.byteLength));
    }
    return Buffer.concat(parts);
  }

  #endPiece(): void {
    if (this.#pieces.length < (this.#count + 1) * BYTES_PER_PIECE) {
      const longer = new Int8Array(2 * this.#pieces.length);
      longer.set(this.#pieces);
      this.#pieces = longer;
    }
    this.#pieces[this.#count * BYTES_PER_PIECE] = Math.max(-SCALE, Math.floor(this.#low * SCALE));
    this.#pieces[this.#count * BYTES_PER_PIECE + 1] = Math.min(
      SCALE,
      Math.ceil(this.#high * SCALE),
    );
    this.#count++;
    this.#filled = 0;
    this.#low = Number.POSITIVE_INFINITY;
    this.#high = Number.NEGATIVE_INFINITY;
  }
}

/** Every 8 pieces as one; rounding commutes with minimum and maximum, so nothing is lost. */
function coarser(finer: Int8Array): Int8Array<ArrayBuffer> {
  const count = finer.length / BYTES_PER_PIECE;
  const pieces = new Int8Array(Math.ceil(count / LEVEL_FACTOR) * BYTES_PER_PIECE);
  for (let piece = 0; piece * BYTES_PER_PIECE < pieces.length; piece++) {
    let low = SCALE;
    let high = -SCALE;
    const end = Math.min(count, (piece + 1) * LEVEL_FACTOR);
    for (let i = piece * LEVEL_FACTOR; i < end; i++) {
      low = Math.min(low, finer[i * BYTES_PER_PIECE] ?? low);
      high = Math.max(high, finer[i * BYTES_PER_PIECE + 1] ?? high);
    }
    pieces[piece * BYTES_PER_PIECE] = low;
    pieces[piece * BYTES_PER_PIECE + 1] = high;
  }
  return pieces;
}
