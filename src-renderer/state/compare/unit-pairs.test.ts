import { expect, test } from 'vitest';
import { unitOf } from '../test-data.ts';
import { countPairs, isDecidable, keptOf, pairOf } from './unit-pairs.ts';

test('a unit that lacks the alternative is not compared, and neither equal nor different', () => {
  const pair = pairOf(unitOf(0, { 0: 'a', 0.1: 'b' }), 0.2);
  expect([pair.alternative, pair.differs]).toEqual([null, null]);
});

test('counts tell compared, differing and reviewed units apart', () => {
  const pairs = [
    unitOf(0, { 0: 'a', 0.1: 'a' }),
    unitOf(1, { 0: 'a', 0.1: 'b' }),
    { ...unitOf(2, { 0: 'a', 0.1: 'b' }), reviewed: true },
    // Reviewed, but not among those that differ.
    { ...unitOf(3, { 0: 'a', 0.1: 'a' }), reviewed: true },
    unitOf(4, { 0: 'a' }),
  ].map((unit) => pairOf(unit, 0.1));
  expect(countPairs(pairs)).toEqual({ units: 5, compared: 4, differing: 2, reviewed: 1 });
});

test('what is kept is named by its text, and by nothing before anybody decided', () => {
  const unit = unitOf(0, { 0: 'a', 0.1: 'b', 0.2: 'b', 0.4: 'c' });
  const kept = (chosenAlpha: number, reviewed = true) =>
    keptOf(pairOf({ ...unit, chosenAlpha, reviewed }, 0.1));
  expect([kept(0, false), kept(0), kept(0.1), kept(0.2), kept(0.4)]).toEqual([
    null,
    'plain',
    'alternative',
    'alternative',
    'other',
  ]);
});

test('equal versions leave nothing to decide, unless something was decided already', () => {
  const unit = unitOf(0, { 0: 'a', 0.1: 'a', 0.2: 'b' });
  expect([0.1, 0.2, 0.4].map((alpha) => isDecidable(pairOf(unit, alpha)))).toEqual([
    false,
    true,
    false,
  ]);
  expect(isDecidable(pairOf({ ...unit, reviewed: true }, 0.1))).toBe(true);
});
