import { expect, test } from 'vitest';
import { parseAlphas } from './alphas.ts';

test('nothing typed leaves the choice to the program', () => {
  expect(parseAlphas('  ')).toEqual({ state: 'automatic' });
});

test('the plain version is always among the versions', () => {
  expect(parseAlphas('0.1, 0.05; -1')).toEqual({ state: 'chosen', values: [-1, 0, 0.05, 0.1] });
});

test('what is no number is quoted', () => {
  expect(parseAlphas('0.1 x')).toMatchObject({
    state: 'wrong',
    message: expect.stringMatching('“x”'),
  });
});

test('more versions than can be read side by side are refused', () => {
  expect(parseAlphas('1 2 3 4 5 6 7 8').state).toBe('wrong');
});
