/**
 * Seeded random numbers, one stream per name: xoshiro128** (Blackman and Vigna 2018, arXiv
 * 1805.01407), whose four 32-bit words are the first 16 bytes of SHA-256("SEED NAME"), little-endian.
 * A stream depends on nothing else, so an input gives the same output in any batch.
 */

import { createHash } from 'node:crypto';

/** @returns a function that gives the next number: uniform in [0, 1), with 53 random bits */
export function randomStream(seed: number, name: string): () => number {
  const digest = createHash('sha256').update(`${seed} ${name}`).digest();
  const state = Uint32Array.from({ length: 4 }, (_, i) => digest.readUInt32LE(4 * i));
  return () => {
    const high = next(state) >>> 5;
    const low = next(state) >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  };
}

function next(state: Uint32Array): number {
  const [s0, s1, s2, s3] = state as unknown as readonly [number, number, number, number];
  const result = Math.imul(rotate(Math.imul(s1, 5), 7), 9) >>> 0;
  const third = s2 ^ s0;
  const fourth = s3 ^ s1;
  state[0] = s0 ^ fourth;
  state[1] = s1 ^ third;
  state[2] = third ^ (s1 << 9);
  state[3] = rotate(fourth, 11);
  return result;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
