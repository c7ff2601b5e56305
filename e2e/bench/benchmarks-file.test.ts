import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Benchmarks, readBenchmarks, withEntry, writeBenchmarks } from './benchmarks-file.ts';
import { exampleComparison, exampleMade } from './test-measurements.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veer-benchmarks-'));
});
afterAll(() => rm(folder, { recursive: true }));

const ORDER = ['random-whisper-tiny', 'random-opus-mt'];
const entryOf = (model: string, dtype: 'fp32' | 'int8', ratio: number) =>
  exampleMade(model, dtype, [exampleComparison('Veer', 'a peer', ratio)]);

test('what is written is read again, with five digits and nothing beside it', async () => {
  const benchmarks: Benchmarks = {
    format: 'veer-benchmarks',
    version: 1,
    bundled: [],
    made: [entryOf('random-whisper-tiny', 'fp32', 0.123456789)],
    starts: null,
  };
  const file = join(folder, 'benchmarks.json');
  await writeBenchmarks(file, benchmarks);
  const { made } = await readBenchmarks(file);
  expect(made[0]?.run).toEqual(benchmarks.made[0]?.run);
  expect(made[0]?.measurement.comparisons[0]?.ratio.median).toBe(0.12346);
  expect(await readdir(folder)).toEqual(['benchmarks.json']);
  expect(await readFile(file, 'utf8')).toContain('"ratio": { "median": 0.12346, ');
});

test('a file of another kind is refused', async () => {
  const file = join(folder, 'other.json');
  await writeFile(file, '{"format":"veer-perturbation-results"}');
  await expect(readBenchmarks(file)).rejects.toThrow('veer-benchmarks');
  await expect(readBenchmarks(join(folder, 'missing.json'))).rejects.toThrow('ENOENT');
});

test('a new measurement takes the place of the old one, by dtype, then by model', () => {
  const measured = [
    entryOf('random-opus-mt', 'int8', 1),
    entryOf('random-opus-mt', 'fp32', 2),
    entryOf('random-whisper-tiny', 'int8', 3),
    entryOf('random-opus-mt', 'int8', 4),
  ];
  const kept = measured.reduce<readonly (typeof measured)[number][]>(
    (entries, entry) => withEntry(entries, entry, ORDER),
    [],
  );
  expect(kept.map((entry) => measured.indexOf(entry))).toEqual([1, 2, 3]);
});
