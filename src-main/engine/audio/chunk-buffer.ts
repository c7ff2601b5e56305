/** Collects samples of any count and hands them out in chunks of one length. */
export class ChunkBuffer {
  readonly #chunkSamples: number;
  #chunk: Float32Array;
  #filled = 0;
  /** null stands for a whole chunk of silence, so that an hour of it takes no memory. */
  #ready: (Float32Array | null)[] = [];
  #total = 0;

  constructor(chunkSamples: number) {
    this.#chunkSamples = chunkSamples;
    this.#chunk = new Float32Array(chunkSamples);
  }

  /** Samples taken in so far. */
  get total(): number {
    return this.#total;
  }

  get hasChunk(): boolean {
    return this.#ready.length > 0;
  }

  push(samples: Float32Array): void {
    for (let at = 0; at < samples.length; ) {
      const part = samples.subarray(at, at + this.#chunkSamples - this.#filled);
      this.#chunk.set(part, this.#filled);
      at += part.length;
      this.#advance(part.length);
    }
  }

  pushSilence(count: number): void {
    for (let left = count; left > 0; ) {
      const part = Math.min(left, this.#chunkSamples - this.#filled);
      left -= part;
      if (part < this.#chunkSamples) {
        this.#advance(part);
      } else {
        this.#ready.push(null);
        this.#total += part;
      }
    }
  }

  /** The full chunks that are ready; each is the caller's to keep. */
  *take(): Generator<Float32Array, void, undefined> {
    const ready = this.#ready;
    this.#ready = [];
    for (const chunk of ready) yield chunk ?? new Float32Array(this.#chunkSamples);
  }

  /** The last, shorter chunk; null when nothing is left. */
  takeRest(): Float32Array | null {
    const rest = this.#filled === 0 ? null : this.#chunk.slice(0, this.#filled);
    this.#filled = 0;
    return rest;
  }

  #advance(count: number): void {
    this.#filled += count;
    this.#total += count;
    if (this.#filled < this.#chunkSamples) return;
    this.#ready.push(this.#chunk);
    this.#chunk = new Float32Array(this.#chunkSamples);
    this.#filled = 0;
  }
}
