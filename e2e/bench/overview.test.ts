import { expect, test } from 'vitest';
import { NO_BENCHMARKS } from './benchmarks-file.ts';
import { overview } from './overview.ts';
import { exampleComparison, exampleMade } from './test-measurements.ts';

test('a line has the ratio to the better way of every peer, bold where the goal is missed', () => {
  const made = exampleMade('random-whisper-tiny', 'fp32', [
    exampleComparison('Veer, one by one', 'transformers.js, one by one', 0.5),
    exampleComparison('Veer, batches of 4', 'transformers.js, one by one', 0.3),
    exampleComparison('Veer, batches of 4', 'transformers.js, batches of 4', 0.61),
    exampleComparison('Veer, one by one', 'CTranslate2 int8, one by one', 2),
    exampleComparison('Veer, one by one', 'whisper.cpp f16 with flash attention, one by one', 0.8),
    exampleComparison('Veer, one by one', 'whisper.cpp f16, one by one', 0.7),
    exampleComparison('Veer, batches of 4, plain and one α', 'Veer, batches of 4', 1.26),
    exampleComparison('Engine process, file by file', 'Engine in one process, file by file', 9),
    exampleComparison('Engine process, files at once', 'Engine process, file by file', 0.75),
  ]);
  const row = overview({ ...NO_BENCHMARKS, made: [made] })
    .split('\n')
    .at(-1);
  expect(row?.split('|').map((cell) => cell.trim())).toEqual([
    '',
    'random-whisper-tiny, fp32',
    '0.50',
    '**0.61**',
    '2.00',
    '',
    '0.80',
    '',
    '**1.26**',
    '0.75',
    '',
  ]);
});
