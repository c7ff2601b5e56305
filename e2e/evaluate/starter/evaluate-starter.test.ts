/** `npm run evaluate -- starter` as a process, on one item of every set. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { RECOGNISERS, TRANSLATORS } from '../../dev-inputs.ts';
import { speechSets, translationSets } from './bundled-sets.ts';

const SCRIPT = resolve(import.meta.dirname, '../evaluate.ts');
const run = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [SCRIPT, 'starter', ...args]);

it('measures the models asked for on every set', async () => {
  const models = [RECOGNISERS[1], TRANSLATORS[1]];
  const args = models.flatMap((id) => ['--model', id]);
  const { stdout, stderr } = await run(...args, '--dtype', 'int8', '--limit', '1');
  expect(stdout.match(/^## .*$/gm)).toEqual(models.map((id) => `## ${id}`));
  const sets = [...(await speechSets(1)), ...(await translationSets(1))];
  for (const { name } of sets) expect(stderr).toContain(`int8: ${name}: `);
});

it.each([
  [['--model', 'nothing'], /no bundled model "nothing"/],
  [['--limit', '0'], /--limit must be 1 or more/],
  [['--dtype', 'fp64'], /--dtype can be fp32, .*"fp64"/],
  [['--loud'], /--loud/],
])('refuses %j', async (args, message) => {
  await expect(run(...args)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(message),
  });
});

it('has sets whose files are there, and as many whole texts as cut ones', async () => {
  const speech = await speechSets(Number.POSITIVE_INFINITY);
  for (const { items } of speech) {
    expect(items.length).toBeGreaterThanOrEqual(100);
    expect(items.filter(({ path }) => !existsSync(path))).toEqual([]);
  }
  const texts = await translationSets(Number.POSITIVE_INFINITY);
  for (const { name, items } of texts) {
    expect(items.length).toBeGreaterThanOrEqual(100);
    const inputs = items.reduce((sum, item) => sum + item.inputs.length, 0);
    if (name.endsWith('cut')) expect(inputs).toBeGreaterThan(2 * items.length);
    else expect(inputs).toBe(items.length);
  }
});
