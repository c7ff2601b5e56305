import { expect, test } from 'vitest';
import type { MadeMeasurement } from './measure-made.ts';
import type { Comparison } from './pairs.ts';
import { formatMade } from './report-made.ts';

function comparison(second: string, ratio: number, equal: number): Comparison {
  const side = (name: string, median: number) => {
    return { name, time: { median, min: median, max: median }, stages: null, tokens: 64 };
  };
  return {
    first: side('Veer, one by one', 100),
    second: side(second, 100 / ratio),
    ratio: { median: ratio, min: ratio - 0.1, max: ratio + 0.1 },
    stageShares: null,
    equal,
  };
}

const measurement: MadeMeasurement = {
  setup: { task: 'transcribe', model: 'random-whisper-base', dtype: 'int8', threads: 2, inputs: 2 },
  audioSeconds: 60,
  tokensPerInput: 64,
  comparisons: [
    comparison('transformers.js, one by one', 0.6, 1),
    comparison('CTranslate2 float32, one by one', 0.5, 1),
    comparison('whisper.cpp f16, one by one', 0.95, 0.5),
    comparison('whisper.cpp q8_0, one by one', 2, 0),
  ],
  others: { peers: [], versions: ['CTranslate2 4.8.5', 'whisper.cpp 1.8.5 (AVX2)'], leftOut: [] },
};

test('every peer has a row with its ratio, its goal and whether it was met', () => {
  const [section = ''] = formatMade([measurement]);
  expect(section).toContain('## random-whisper-base, int8');
  expect(section).toContain('2 windows, 60 s of audio; every one gets 64 tokens.');
  expect(section).toContain('Other peers: CTranslate2 4.8.5; whisper.cpp 1.8.5 (AVX2).');
  const rows = section.split('\n').filter((line) => line.startsWith('| Veer, one by one |'));
  expect(
    rows.slice(0, 4).map((row) =>
      row
        .split('|')
        .slice(2, 6)
        .map((cell) => cell.trim()),
    ),
  ).toEqual([
    ['transformers.js, one by one', '0.60 (0.50–0.70)', '≤ 0.5: **missed**', '100.0 %'],
    ['CTranslate2 float32, one by one', '0.50 (0.40–0.60)', '≤ 0.9: met', '100.0 %'],
    ['whisper.cpp f16, one by one', '0.95 (0.85–1.05)', '≤ 0.9: **missed**', '50.0 %'],
    ['whisper.cpp q8_0, one by one', '2.00 (1.90–2.10)', '', '0.0 %'],
  ]);
});

test('a peer that was left out is named with the reason', () => {
  const others = { peers: [], versions: [], leftOut: ['It has no such layers.'] };
  expect(formatMade([{ ...measurement, others }])[0]).toContain('tokens. It has no such layers.');
});
