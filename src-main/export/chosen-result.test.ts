import { expect, test } from 'vitest';
import type { Result } from '../contract/result.ts';
import { chosenResult, hasChoice, plainBesideChosen } from './chosen-result.ts';
import { makeResult } from './test-result.ts';

/** @param chosen α of each segment; undefined: nothing was chosen for it */
function resultWith(...chosen: readonly (number | undefined)[]): Result {
  const result = makeResult(
    chosen.map((_, i) => ({ texts: [`plain ${i}`, `moved ${i}`], separator: '\n' })),
    null,
  );
  const segments = result.segments.map((segment, i) => {
    const chosenAlpha = chosen[i];
    return { ...segment, ...(chosenAlpha !== undefined && { chosenAlpha }) };
  });
  return { ...result, segments };
}

const textsOf = ({ segments }: Result) =>
  segments.map(({ variants }) => variants.map(({ text }) => text));

test('every segment has its chosen text alone; without a choice its first', () => {
  const result = resultWith(0.25, 0, undefined);
  expect([hasChoice(result), hasChoice(resultWith(undefined))]).toEqual([true, false]);
  const chosen = chosenResult(result);
  expect(textsOf(chosen)).toEqual([['moved 0'], ['plain 1'], ['plain 2']]);
  expect(chosen.alphas).toEqual([0]);
  expect(chosenResult(resultWith(0.25, 0.25)).alphas).toEqual([0.25]);
});

test('plain stands beside what was chosen, also where that is plain', () => {
  expect(textsOf(plainBesideChosen(resultWith(0.25, 0)))).toEqual([
    ['plain 0', 'moved 0'],
    ['plain 1', 'plain 1'],
  ]);
});
