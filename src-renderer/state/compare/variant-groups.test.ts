import { expect, test } from 'vitest';
import { unitOf } from '../test-data.ts';
import { alphaPoints, groupVariants } from './variant-groups.ts';

test('equal texts are one version with all the α that gave it, smallest first', () => {
  const unit = unitOf(0, { 0.1: 'b', 0: 'a', 0.2: 'a', 0.05: 'b', 0.4: 'c' });
  expect(groupVariants(unit).map(({ alphas, text }) => [text, ...alphas])).toEqual([
    ['a', 0, 0.2],
    ['b', 0.05, 0.1],
    ['c', 0.4],
  ]);
});

test('a version that the token limit ended at one α says so', () => {
  const unit = unitOf(0, { 0: 'a', 0.1: 'a', 0.2: 'b' });
  const variants = unit.variants.map((variant) =>
    variant.alpha === 0.1 ? { ...variant, finishReason: 'length' as const } : variant,
  );
  expect(groupVariants({ ...unit, variants }).map(({ cut }) => cut)).toEqual([true, false]);
});

test('edits are counted in words against the plain output', () => {
  const unit = unitOf(0, { 0: 'one two three', 0.1: 'one  two four five', 0.2: '' });
  expect(alphaPoints(unit).map(({ alpha, editsFromPlain }) => [alpha, editsFromPlain])).toEqual([
    [0, 0],
    [0.1, 2],
    [0.2, 3],
  ]);
});

test('without plain output there is nothing to count from', () => {
  expect(alphaPoints(unitOf(0, { 0.1: 'a' }))[0]?.editsFromPlain).toBeNull();
});
