/**
 * Random numbers that a seed repeats on every machine. For sampling in experiments; not for
 * secrets.
 */

import { VeerError } from '../contract/errors.ts';

/** xoshiro128** (Blackman and Vigna 2021), its state filled by SplitMix32. Period 2^128 − 1. */
export class Random {
  readonly #state = new Uint32Array(4);
  #spareNormal: number | null = null;

  /**
   * @param seed a whole number from 0 to 2^32 − 1
   * @throws VeerError OPTION_INVALID for any other seed.
   */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new VeerError(
        'OPTION_INVALID',
        `A seed is an integer from 0 to 2^32 − 1, not ${seed}.`,
      );
    }
    let mixed = seed;
    for (let i = 0; i < 4; i += 1) {
      mixed = (mixed + 0x9e3779b9) | 0;
      let bits = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
      bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
      this.#state[i] = bits ^ (bits >>> 15);
    }
  }

  /** A whole number from 0 to 2^32 − 1. */
  uint32(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#state;
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    this.#state[2] = c ^ a ^ (b << 9);
    this.#state[3] = rotateLeft(d ^ b, 11);
    this.#state[1] = b ^ c ^ a;
    this.#state[0] = a ^ d ^ b;
    return result;
  }

  /** Uniform in [0, 1), with 53 random bits. */
  uniform(): number {
    return ((this.uint32() >>> 5) * 0x4000000 + (this.uint32() >>> 6)) / 0x20000000000000;
  }

  /** A whole number from 0 to `bound` − 1, each as likely as any other; `bound` from 1 to 2^32. */
  integer(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > 0x100000000) {
      throw new VeerError('OPTION_INVALID', `A bound is an integer from 1 to 2^32, not ${bound}.`);
    }
    const limit = 0x100000000 - (0x100000000 % bound);
    let drawn = this.uint32();
    while (drawn >= limit) drawn = this.uint32();
    return drawn % bound;
  }

  /** Standard normal: mean 0, variance 1 (Box and Muller 1958). */
  normal(): number {
    if (this.#spareNormal !== null) {
      const spare = this.#spareNormal;
      this.#spareNormal = null;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

function rotateLeft(bits: number, count: number): number {
  return (bits << count) | (bits >>> (32 - count));
}
