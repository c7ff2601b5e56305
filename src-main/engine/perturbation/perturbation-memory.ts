/**
 * Memory that the batches of one run share. Touching fresh memory costs more than the copy that
 * goes into it: for a recogniser's window as much as the proxy itself.
 */

class ReusableFloats {
  #data = new Float32Array(0);

  /** An array of this length with whatever was left in it. The one before is void. */
  take(length: number): Float32Array {
    if (this.#data.length < length) this.#data = new Float32Array(length);
    return this.#data.subarray(0, length);
  }
}

/** For one run after the other, never for two at once. */
export class PerturbationMemory {
  readonly input = new ReusableFloats();
  readonly output = new ReusableFloats();
}
