import { describe, expect, it } from 'vitest';
import { Random } from './random.ts';

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('random numbers', () => {
  it('repeat with the seed and differ without it', () => {
    const numbers = (seed: number) => {
      const random = new Random(seed);
      return draw(20, () => random.uint32());
    };
    expect(numbers(7)).toEqual(numbers(7));
    expect(numbers(7)).not.toEqual(numbers(8));
    expect(new Set([0, 1, 2, 0xffffffff].flatMap(numbers)).size).toBe(80);
  });

  it('never change for a seed, because published results depend on it', () => {
    const random = new Random(1);
    expect(draw(3, () => random.uint32())).toMatchInlineSnapshot(`
      [
        393288148,
        2174103013,
        3814759091,
      ]
    `);
  });

  it('are uniform in [0, 1)', () => {
    const random = new Random(3);
    const values = draw(100_000, () => random.uniform());
    expect(Math.min(...values.slice(0, 50_000))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values.slice(0, 50_000))).toBeLessThan(1);
    expect(mean(values)).toBeCloseTo(0.5, 2);
    expect(mean(values.map((value) => (value - 0.5) ** 2))).toBeCloseTo(1 / 12, 2);
  });

  it('are whole numbers that are equally frequent', () => {
    const random = new Random(4);
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < 70_000; i += 1) {
      const value = random.integer(7);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    // Chi-squared with 6 degrees of freedom stays below 22.5 with a probability of 0.999.
    const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquared).toBeLessThan(22.5);
    expect(random.integer(1)).toBe(0);
  });

  it('follow the standard normal distribution', () => {
    const random = new Random(5);
    const values = draw(100_000, () => random.normal());
    expect(mean(values)).toBeCloseTo(0, 1);
    expect(mean(values.map((value) => value ** 2))).toBeCloseTo(1, 1);
    expect(mean(values.map((value) => value ** 3))).toBeCloseTo(0, 1);
    expect(mean(values.map((value) => value ** 4))).toBeCloseTo(3, 0);
    expect(mean(values.map((value) => Number(Math.abs(value) < 1.96)))).toBeCloseTo(0.95, 2);
  });

  it('refuse seeds and bounds that are out of range', () => {
    const invalid = expect.objectContaining({ code: 'OPTION_INVALID' });
    for (const seed of [-1, 0.5, 2 ** 32, Number.NaN]) {
      expect(() => new Random(seed)).toThrow(invalid);
    }
    for (const bound of [0, 1.5, 2 ** 32 + 1]) {
      expect(() => new Random(0).integer(bound)).toThrow(invalid);
    }
  });
});
