/** Made-up measurements for tests of what is written about them. */

import type { Comparison, Entry, MadeMeasurement } from './benchmarks-file.ts';
import type { BenchmarkDtype } from './protocol.ts';

export function exampleComparison(
  first: string,
  second: string,
  ratio: number,
  equal = 1,
): Comparison {
  const side = (name: string, median: number) => {
    return { name, time: { median, min: median, max: median }, stages: null, tokens: 64 };
  };
  return {
    first: side(first, 100),
    second: side(second, 100 / ratio),
    ratio: { median: ratio, min: ratio - 0.1, max: ratio + 0.1 },
    stageShares: null,
    equal,
  };
}

/** Two windows of 30 s. */
export function exampleMade(
  model: string,
  dtype: BenchmarkDtype,
  comparisons: readonly Comparison[],
): Entry<MadeMeasurement> {
  const machine = {
    cpu: 'A CPU {2} \n [of two lines]',
    cores: 2,
    memoryGiB: 24,
    platform: 'linux x64',
    versions: { node: '24.0.0' },
  };
  return {
    run: { command: 'npm run bench', date: '2026-11-22', machine, pairs: 7 },
    measurement: {
      setup: { task: 'transcribe', model, dtype, threads: 2, inputs: 2 },
      audioSeconds: 60,
      tokensPerInput: 64,
      comparisons,
      others: { versions: ['CTranslate2 4.8.5', 'whisper.cpp 1.8.5 (AVX2)'], leftOut: [] },
    },
  };
}
