import { expect, test } from 'vitest';
import { parseAlphas } from './alphas.ts';

const chosen = (...values: number[]) => ({ state: 'chosen', values });

test('nothing typed leaves the choice to the program', () => {
  expect(parseAlphas('  ')).toEqual({ state: 'open' });
});

test('the plain version is always among the versions', () => {
  expect(parseAlphas('0.1, 0.05; -1')).toEqual(chosen(-1, 0, 0.05, 0.1));
});

test.each([
  ['0.05,0.1', chosen(0, 0.05, 0.1)],
  ['0,05 0,1', chosen(0, 0.05, 0.1)],
  ['0,05; 0,1', chosen(0, 0.05, 0.1)],
  ['0,05, 0,1', chosen(0, 0.05, 0.1)],
  ['.5 1e-2 \u22121', chosen(-1, 0, 0.01, 0.5)],
  ['-0 0', chosen(0)],
])('“%s” is read as people write numbers, with a point or a comma', (text, values) => {
  expect(parseAlphas(text)).toEqual(values);
});

test.each([
  ['0.1 x', 'x'],
  ['0x10', '0x10'],
  ['1e999', '1e999'],
  // Meant as 0,05 and 0,1; read as a list it would be 5 and 1.
  ['0,05,0,1', '05'],
])('what is no number is quoted: “%s”', (text, word) => {
  expect(parseAlphas(text)).toEqual({ state: 'not-a-number', word });
});

test('more versions than can be read side by side are refused', () => {
  expect(parseAlphas('1 2 3 4 5 6 7 8')).toEqual({ state: 'too-many', most: 7 });
});
