import { expect, test } from 'vitest';
import { RealFft } from './real-fft.ts';
import { noise } from './test-signals.ts';

/** |Σ x_n exp(-2πikn/N)|², term by term. */
function definition(frame: Float64Array, k: number): number {
  let re = 0;
  let im = 0;
  for (const [n, x] of frame.entries()) {
    const angle = (-2 * Math.PI * ((k * n) % frame.length)) / frame.length;
    re += x * Math.cos(angle);
    im += x * Math.sin(angle);
  }
  return re * re + im * im;
}

test.each([2, 4, 6, 8, 10, 14, 18, 30, 50, 64, 98, 254, 400, 512, 1024])(
  'the power spectrum of %d samples is the one of the defining sum',
  (length) => {
    const frame = noise(length, length);
    const power = new Float64Array(length / 2 + 1);
    new RealFft(length).powerSpectrum(frame, power);
    for (const [k, value] of power.entries()) {
      expect(Math.abs(value - definition(frame, k))).toBeLessThan(1e-11 * length);
    }
  },
);
