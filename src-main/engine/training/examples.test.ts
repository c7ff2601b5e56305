import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FIXTURES } from '../../../e2e/dev-inputs.ts';
import type { TrainingExample } from '../../contract/proxy-training.ts';
import { distinctExamples, requireScorable, type Skipped, splitOf } from './examples.ts';

const NEVER = new AbortController().signal;
const text = (source: string, references: string[], score: number | null = null) =>
  ({ source: { type: 'text', text: source }, references, score }) satisfies TrainingExample;

async function distinct(given: readonly TrainingExample[]) {
  const skipped: Skipped[] = [];
  const examples = await distinctExamples(given, NEVER, (one) => skipped.push(one));
  return { examples, skipped };
}

test('equal sources are one example, with all references and the mean of the scores', async () => {
  const { examples } = await distinct([
    text('a', ['x'], 1),
    text('b', ['y']),
    text('a', ['z', 'x'], 2),
  ]);
  expect(examples.map(({ references, score }) => ({ references, score }))).toEqual([
    { references: ['x', 'z'], score: 1.5 },
    { references: ['y'], score: null },
  ]);
});

test('copies of a recording are one example, and one that is gone is left out and named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'veer-examples-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const original = join(FIXTURES, 'speech-dev', 'digits-000.opus');
  const copy = join(folder, 'copy.opus');
  copyFileSync(original, copy);
  const audio = (path: string): TrainingExample => ({
    source: { type: 'audio', path },
    references: ['x'],
    score: null,
  });
  const gone = join(folder, 'gone.wav');
  const { examples, skipped } = await distinct([audio(original), audio(copy), audio(gone)]);
  expect(examples).toHaveLength(1);
  expect(skipped.map(({ example }) => example)).toEqual([gone]);
});

test('the split depends on source and seed alone, 80 to 10 to 10', async () => {
  const sources = Array.from({ length: 2000 }, (_, i) => text(`sentence ${i}`, ['x']));
  const { examples } = await distinct(sources);
  const { examples: backwards } = await distinct(sources.toReversed());
  const count = (split: string) => examples.filter((one) => splitOf(one, 1) === split).length;
  expect(count('train') + count('dev') + count('test')).toBe(2000);
  for (const split of ['dev', 'test']) expect(Math.abs(count(split) - 200)).toBeLessThan(50);
  const bySource = new Map(backwards.map((one) => [one.key, splitOf(one, 1)]));
  for (const one of examples) expect(bySource.get(one.key)).toBe(splitOf(one, 1));
  expect(examples.some((one) => splitOf(one, 1) !== splitOf(one, 2))).toBe(true);
});

test.each([
  ['wer', [text('a', ['x']), text('b', [])], /no reference/],
  ['score', [text('a', ['x'], 1), text('b', ['x'])], /no score/],
] as const)('%s needs what it is made of', async (metric, given, message) => {
  const { examples } = await distinct(given);
  expect(() => requireScorable(examples, metric)).toThrow(message);
  expect(() => requireScorable(examples, 'log-probability')).not.toThrow();
  expect(() => requireScorable(examples.slice(0, 1), metric)).not.toThrow();
});
