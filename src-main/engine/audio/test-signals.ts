/** Deterministic sounds for tests; the same formulas as e2e/fixtures/log-mel/make-reference.py. */

const RATE = 16_000;

/** White noise in [-1, 1) from a 32-bit linear congruential generator (Numerical Recipes). */
export function noise(count: number, seed = 1): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  });
}

/** A sine of amplitude 1 at 16 kHz. */
export function sine(count: number, hertz: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / RATE));
}

/** Signals by their name in the reference; each is made for a window of `n` samples. */
export const REFERENCE_SIGNALS: Readonly<Record<string, (n: number) => Float64Array>> = {
  silence: (n) => new Float64Array(n),
  'full-scale sine': (n) => sine(n, 440),
  'full-scale square': (n) => Float64Array.from({ length: n }, (_, i) => (i % 40 < 20 ? 1 : -1)),
  'clipped noise': (n) => noise(n).map((x) => Math.min(1, Math.max(-1, 4 * x))),
  'white noise': (n) => noise(n).map((x) => 0.5 * x),
  'very quiet noise': (n) => noise(n).map((x) => 1e-5 * x),
  'short sound': () => {
    const hiss = noise(4800);
    return sine(4800, 1234.5).map((x, i) => 0.3 * x + 0.01 * (hiss[i] as number));
  },
  'one click': (n) => new Float64Array(n).fill(1, 12_345, 12_346),
  'longer than the window': (n) => {
    const swell = sine(n + 16_000, 0.7);
    return noise(n + 16_000).map((x, i) => 0.5 * x * (swell[i] as number));
  },
};

/** Amplitude of one frequency in a signal at 16 kHz, by correlation. */
export function amplitudeAt(samples: Float32Array, hertz: number): number {
  let re = 0;
  let im = 0;
  for (const [i, x] of samples.entries()) {
    re += x * Math.cos((2 * Math.PI * hertz * i) / RATE);
    im += x * Math.sin((2 * Math.PI * hertz * i) / RATE);
  }
  return (2 * Math.hypot(re, im)) / samples.length;
}
