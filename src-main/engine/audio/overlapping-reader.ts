/** Reads windows of a recording that may overlap, out of its stream; keeps no more than is needed. */

export class OverlappingReader {
  readonly #chunks: AsyncIterator<Float32Array>;
  /** Samples from `#start` on. */
  #kept: Float32Array = new Float32Array(0);
  #start = 0;
  #ended = false;

  /** @param chunks mono samples from the start of the file */
  constructor(chunks: AsyncIterator<Float32Array>) {
    this.#chunks = chunks;
  }

  /**
   * Samples from `start` on, which are the caller's to keep; fewer than `length`, or none, at the end
   * of the recording.
   *
   * @param start not before that of the call before
   * @throws whatever the stream throws
   */
  async read(start: number, length: number): Promise<Float32Array> {
    const parts: Float32Array[] = [this.#kept.subarray(start - this.#start)];
    let end = this.#start + this.#kept.length;
    while (!this.#ended && end < start + length) {
      const next = await this.#chunks.next();
      if (next.done) {
        this.#ended = true;
        break;
      }
      parts.push(next.value.subarray(Math.max(0, start - end)));
      end += next.value.length;
    }
    this.#kept = joined(parts);
    this.#start = start;
    return this.#kept.slice(0, length);
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const samples = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  return samples;
}
