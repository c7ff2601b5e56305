import { expect, test } from 'vitest';
import { formatMade } from './report-made.ts';
import { exampleComparison, exampleMade } from './test-measurements.ts';

const entry = exampleMade('random-whisper-base', 'int8', [
  exampleComparison('Veer, one by one', 'transformers.js, one by one', 0.6),
  exampleComparison('Veer, one by one', 'CTranslate2 float32, one by one', 0.5),
  exampleComparison('Veer, one by one', 'whisper.cpp f16, one by one', 0.95, 0.5),
  exampleComparison('Veer, one by one', 'whisper.cpp q8_0, one by one', 2, 0),
]);

test('every peer has a row with its ratio, its goal and whether it was met', () => {
  const section = formatMade(entry);
  expect(section).toContain('## random-whisper-base, int8');
  expect(section).toContain('2 windows, 60 s of audio; every one gets 64 tokens; 2 threads.');
  expect(section).toContain('Other peers: CTranslate2 4.8.5; whisper.cpp 1.8.5 (AVX2).');
  expect(section).toContain('Measured on 2026-11-22 by `npm run bench`, 7 counted: A CPU');
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
  const others = { versions: [], leftOut: ['It has no such layers.'] };
  const section = formatMade({ ...entry, measurement: { ...entry.measurement, others } });
  expect(section).toContain('threads. It has no such layers.');
});
