import { expect, test } from 'vitest';
import { unitOf } from '../test-data.ts';
import { BlindTrial } from './blind-trial.ts';

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('plain output is on either side equally often, and neighbours do not follow each other', () => {
  const trial = new BlindTrial([], seeded(20261121));
  const sides = Array.from({ length: 10_000 }, (_, index) => trial.plainIsLeft(index));
  const left = sides.filter((side) => side).length;
  const same = sides.filter((side, index) => index > 0 && side === sides[index - 1]).length;
  // Four standard deviations of a fair coin.
  expect(Math.abs(left - 5000)).toBeLessThan(200);
  expect(Math.abs(same - 5000)).toBeLessThan(200);
});

test('a unit keeps its sides, in whatever order units are looked at', () => {
  const trial = new BlindTrial([], seeded(1));
  const first = [5, 2, 9, 0].map((index) => trial.plainIsLeft(index));
  expect([5, 2, 9, 0].map((index) => trial.plainIsLeft(index))).toEqual(first);
});

test('another trial shuffles anew', () => {
  const random = seeded(7);
  const sides = () => {
    const trial = new BlindTrial([], random);
    return Array.from({ length: 64 }, (_, index) => trial.plainIsLeft(index));
  };
  expect(sides()).not.toEqual(sides());
});

test('the tally counts what was decided since, not before', () => {
  const unit = (index: number, reviewed: boolean, chosenAlpha = 0) => ({
    ...unitOf(index, { 0: 'a', 0.1: 'b' }),
    reviewed,
    chosenAlpha,
  });
  const trial = new BlindTrial([unit(0, true), unit(1, false)], seeded(1));
  const now = [unit(0, true), unit(1, true, 0.1), unit(2, true), unit(3, false)];
  expect(trial.tally(now)).toEqual({ plain: 1, alternative: 1 });
});
