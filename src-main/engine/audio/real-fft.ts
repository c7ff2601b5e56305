/**
 * Power spectrum of real frames of any even length, float64.
 *
 * The frame is packed into a complex signal of half its length, transformed by a mixed-radix
 * Stockham FFT (no bit reversal; small prime factors are fast, any others merely slower) and
 * unpacked. Sources: C. Van Loan, "Computational Frameworks for the Fast Fourier Transform"
 * (1992), sections 1.7 and 4.1; Numerical Recipes, section 12.3.
 */

import { butterfly2, butterfly4, butterfly5, butterflyAny, type FftStage } from './fft-stages.ts';

export class RealFft {
  readonly #half: number;
  readonly #stages: readonly FftStage[];
  readonly #real: readonly [Float64Array, Float64Array];
  readonly #imaginary: readonly [Float64Array, Float64Array];
  /** exp(-2πik/length), for unpacking. */
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;

  /** @param length samples per frame, even */
  constructor(length: number) {
    this.#half = length / 2;
    this.#stages = planStages(this.#half);
    this.#real = [new Float64Array(this.#half), new Float64Array(this.#half)];
    this.#imaginary = [new Float64Array(this.#half), new Float64Array(this.#half)];
    const angle = (k: number) => (-2 * Math.PI * k) / length;
    this.#cos = Float64Array.from({ length: this.#half + 1 }, (_, k) => Math.cos(angle(k)));
    this.#sin = Float64Array.from({ length: this.#half + 1 }, (_, k) => Math.sin(angle(k)));
  }

  /**
   * Writes |X_k|² for k = 0 … length/2 to `power`.
   * @param frame `[length]`
   * @param power `[length/2 + 1]`
   */
  powerSpectrum(frame: Float64Array, power: Float64Array): void {
    const half = this.#half;
    let [re, spareRe] = this.#real;
    let [im, spareIm] = this.#imaginary;
    for (let i = 0; i < half; i++) {
      re[i] = frame[2 * i] as number;
      im[i] = frame[2 * i + 1] as number;
    }
    for (const stage of this.#stages) {
      stage.run(stage, re, im, spareRe, spareIm);
      [re, spareRe] = [spareRe, re];
      [im, spareIm] = [spareIm, im];
    }
    for (let k = 0; k <= half; k++) {
      const i = k === half ? 0 : k;
      const j = k === 0 ? 0 : half - k;
      const evenRe = 0.5 * ((re[i] as number) + (re[j] as number));
      const evenIm = 0.5 * ((im[i] as number) - (im[j] as number));
      const oddRe = 0.5 * ((im[i] as number) + (im[j] as number));
      const oddIm = 0.5 * ((re[j] as number) - (re[i] as number));
      const cos = this.#cos[k] as number;
      const sin = this.#sin[k] as number;
      const x = evenRe + cos * oddRe - sin * oddIm;
      const y = evenIm + cos * oddIm + sin * oddRe;
      power[k] = x * x + y * y;
    }
  }
}

function planStages(length: number): readonly FftStage[] {
  const stages: FftStage[] = [];
  let rest = length;
  let stride = 1;
  while (rest > 1) {
    const radix = chooseRadix(rest);
    const groups = rest / radix;
    const cos = new Float64Array(groups * radix);
    const sin = new Float64Array(groups * radix);
    for (let i = 0; i < groups; i++) {
      for (let k = 0; k < radix; k++) {
        const angle = (-2 * Math.PI * i * k) / rest;
        cos[i * radix + k] = Math.cos(angle);
        sin[i * radix + k] = Math.sin(angle);
      }
    }
    const run = BUTTERFLIES.get(radix) ?? butterflyAny;
    stages.push({ radix, groups, stride, cos, sin, run });
    rest = groups;
    stride *= radix;
  }
  return stages;
}

const BUTTERFLIES = new Map([
  [2, butterfly2],
  [4, butterfly4],
  [5, butterfly5],
]);

function chooseRadix(length: number): number {
  for (const radix of [4, 5, 2]) if (length % radix === 0) return radix;
  for (let radix = 3; radix * radix <= length; radix += 2) if (length % radix === 0) return radix;
  return length;
}
