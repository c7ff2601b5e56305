/** `npm run evaluate` on a few inputs of the smallest model. */

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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

async function measure(out: string, seed = 1): Promise<void> {
  const args = ['--model', MODEL, '--limit', '1', '--out', out, '--seed', `${seed}`];
  await evaluatePerturbation(args, NEVER);
}

async function measured(out: string): Promise<string> {
  await measure(out);
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

test('another seed has numbers of its own, whose conclusions stand on the page for as long as the proxy is the same', async () => {
  const out = join(folder, 'seeds');
  const other = join(out, 'results', 'results-seed-6.json');
  await measure(out, 6);
  expect(await readdir(out)).toEqual(['results']);

  const first = await measured(out);
  const page = () => readFile(join(out, 'results.md'), 'utf8');
  expect(await page()).toContain('## With seed 6');
  await measure(out, 6);
  expect(await readFile(join(out, 'results', 'results.json'), 'utf8')).toBe(first);
  const [one, six] = [JSON.parse(first), await readResults(other)];
  const [before, after] = [one, six].map(({ subjects }) => subjects[0].test.cells[0]);
  expect(after.gain[0]).toBe(before.gain[0]);
  expect(after.randomSeeds).not.toEqual(before.randomSeeds);

  const text = await readFile(other, 'utf8');
  await writeFile(other, text.replaceAll(six.subjects[0]?.proxy.sha256 ?? '', 'of another proxy'));
  await evaluatePerturbation(['--redraw', '--out', out], NEVER);
  expect(await page()).not.toContain('## With seed 6');
}, 240_000);

test('a trial is not written over the results', async () => {
  await expect(evaluatePerturbation(['--limit', '2'], NEVER)).rejects.toThrow('--out');
});
