/** `npm run evaluate` on a few inputs of the smallest model. */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluatePerturbation } from './evaluate-perturbation.ts';
import { readResults } from './results-file.ts';

const MODEL = 'starter-mt-en-de-s';
const NEVER = new AbortController().signal;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veer-evaluate-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function measured(out: string): Promise<string> {
  await evaluatePerturbation(['--model', MODEL, '--limit', '1', '--out', out], NEVER);
  return readFile(join(out, 'results', 'results.json'), 'utf8');
}

test('the same seed gives the same numbers, and the pages can be drawn again from them', async () => {
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];
  expect(await measured(second)).toBe(await measured(first));

  const { subjects } = await readResults(join(first, 'results', 'results.json'));
  const cells = subjects.flatMap(({ test: { cells: list } }) => list);
  expect(cells.filter(({ condition }) => condition === 'all')).toHaveLength(8);
  expect(cells.every(({ gain: [gain, low, high] }) => low <= gain && gain <= high)).toBe(true);

  const page = await readFile(join(first, 'results.md'), 'utf8');
  await rm(join(first, 'results.md'));
  await evaluatePerturbation(['--redraw', '--out', first], NEVER);
  expect(await readFile(join(first, 'results.md'), 'utf8')).toBe(page);
  expect(await readdir(join(first, 'results'))).toEqual([
    `alpha-${MODEL}.svg`,
    'details.md',
    'results.json',
  ]);
}, 120_000);

test('a trial is not written over the results', async () => {
  await expect(evaluatePerturbation(['--limit', '2'], NEVER)).rejects.toThrow('--out');
});
