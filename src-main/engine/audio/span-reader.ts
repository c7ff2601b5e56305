/** Reads pieces of a recording out of its stream, each after the one before. */

import { VeerError } from '../../contract/errors.ts';

export class SpanReader {
  readonly #chunks: AsyncIterator<Float32Array>;
  #chunk: Float32Array = new Float32Array(0);
  /** Offset of the chunk's first sample in the file. */
  #chunkStart = 0;

  /** @param chunks mono samples from the start of the file */
  constructor(chunks: AsyncIterator<Float32Array>) {
    this.#chunks = chunks;
  }

  /**
   * Samples from `start` up to `end`, which are the caller's to keep.
   * @param start not before the `end` of the call before
   * @throws VeerError MEDIA_TRUNCATED where the file ends before, and whatever the stream throws
   */
  async read(start: number, end: number): Promise<Float32Array> {
    const samples = new Float32Array(end - start);
    for (let at = start; at < end; ) {
      const chunkEnd = this.#chunkStart + this.#chunk.length;
      if (at >= chunkEnd) {
        await this.#advance();
        continue;
      }
      const part = this.#chunk.subarray(at - this.#chunkStart, end - this.#chunkStart);
      samples.set(part, at - start);
      at += part.length;
    }
    return samples;
  }

  async #advance(): Promise<void> {
    const next = await this.#chunks.next();
    if (next.done) {
      throw new VeerError(
        'MEDIA_TRUNCATED',
        'The recording is shorter than it was before. Import it again.',
      );
    }
    this.#chunkStart += this.#chunk.length;
    this.#chunk = next.value;
  }
}

/** The stream without its first `count` samples. */
export async function* withoutFirst(
  chunks: AsyncIterable<Float32Array>,
  count: number,
): AsyncGenerator<Float32Array, void, undefined> {
  let left = count;
  for await (const chunk of chunks) {
    if (left < chunk.length) yield left === 0 ? chunk : chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}
