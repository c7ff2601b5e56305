import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { causeCode } from './errors.ts';

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

test('a failed system call is told by its code', () => {
  expect(causeCode(thrownBy(() => readFileSync('')))).toBe('ENOENT');
  expect(causeCode(thrownBy(() => readFileSync(import.meta.dirname)))).toBe('EISDIR');
});

test('an error without a code, or with one that is no name, has none', () => {
  expect(causeCode(new Error('ENOENT'))).toBeNull();
  expect(causeCode(Object.assign(new Error('number'), { code: 28 }))).toBeNull();
  expect(causeCode({ code: 'ENOENT' })).toBeNull();
  expect(causeCode(undefined)).toBeNull();
});
