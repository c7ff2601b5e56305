import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fitFiles } from './fit-files.ts';

const STATE = {
  weights: Float32Array.of(1, 2, 3),
  first: Float32Array.of(4, 5, 6),
  second: Float32Array.of(7, 8, 9),
  bestWeights: Float32Array.of(-1, -2, -3),
  steps: 40,
  epoch: 2,
  best: 0.5,
  bestEpoch: 1,
};
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'veer-fit-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('a fit is there again, for its own training, member and size only', async () => {
  const files = fitFiles(directory, 'this');
  expect(await files.load(0, 3)).toBeNull();
  await files.save(0, STATE);
  expect(await files.load(0, 3)).toEqual(STATE);
  expect(await files.load(1, 3)).toBeNull();
  expect(await files.load(0, 4)).toBeNull();
  expect(await fitFiles(directory, 'another').load(0, 3)).toBeNull();
});

test.each([
  ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1)],
  ['empty', () => Buffer.alloc(0)],
  ['something else', () => Buffer.from('[1, 2]\nnumbers')],
  ['no JSON', () => Buffer.from('{{\nnumbers')],
])('a file that is %s counts as not there', async (_, spoil) => {
  const files = fitFiles(directory, 'this');
  await files.save(0, STATE);
  const path = join(directory, 'fit-0.bin');
  writeFileSync(path, spoil(readFileSync(path)));
  expect(await files.load(0, 3)).toBeNull();
});
