import { describe, expect, it } from 'vitest';
import type { ModelEvaluation, SpeechScores, TranslationScores } from './evaluation-file.ts';
import { starterReport } from './report.ts';

const measurement = {
  encoderSha256: 'a',
  decoderSha256: 'b',
  command: 'npm run evaluate -- starter',
  date: '2001-02-03',
  machine: 'a machine',
  settings: {
    device: 'cpu',
    search: 'greedy',
    alpha: 0,
    batchSize: 1,
    bootstrapResamples: 10,
    bootstrapSeed: 1,
  },
  seconds: 1,
} as const;

const speech = (wer: number): SpeechScores => ({
  items: 7,
  words: 100,
  wer,
  interval: [wer - 1, wer + 1],
  substitutions: 1,
  deletions: 2,
  insertions: 3,
  cutShort: 0,
});
const text = (bleu: number): TranslationScores => ({
  items: 5,
  bleu,
  bleuInterval: [bleu - 1, bleu + 1],
  chrf: 50,
  chrfInterval: [49, 51],
  cutShort: 0,
});

const RECOGNISER: ModelEvaluation = {
  format: 'veer-model-evaluation',
  version: 1,
  model: 'a-recogniser',
  task: 'transcribe',
  measurements: {
    fp32: { ...measurement, sets: { test_unseen: speech(25.01), test_known: speech(10) } },
    int8: { ...measurement, sets: { test_unseen: speech(25.51), test_known: speech(10.6) } },
  },
};
const TRANSLATOR: ModelEvaluation = {
  format: 'veer-model-evaluation',
  version: 1,
  model: 'a-translator',
  task: 'translate',
  measurements: {
    fp32: { ...measurement, sets: { 'en-de': text(34), 'a new set': text(1) } },
    int8: { ...measurement, sets: { 'en-de': text(34.5), 'a new set': text(0) } },
  },
};

/** Cells of the rows of the first table. */
function rowsOf(report: string): readonly (readonly string[])[] {
  const lines = report.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(2).map((line) => line.slice(2, -2).split(' | '));
}

describe('the report of the starter models', () => {
  it('says which goals of a recogniser are met and which are missed, in points of WER', () => {
    const report = starterReport([RECOGNISER]);
    expect(report).toContain('## a-recogniser\n\n2 of 4 goals are met.');
    expect(rowsOf(report)).toEqual([
      [
        'voices of the training, clean',
        '7',
        '10.00 [9.00, 11.00]',
        '1, 2, 3',
        '≤ 10: met',
        '10.60 [9.60, 11.60]',
        '0.60: **missed**',
      ],
      [
        'a voice not heard in training, clean',
        '7',
        '25.01 [24.01, 26.01]',
        '1, 2, 3',
        '≤ 25: **missed**',
        '25.51 [24.51, 26.51]',
        '0.50: met',
      ],
    ]);
    expect(report).toMatch(
      /Missed: .*int8 loses 0\.60 WER points instead of at most 0\.5; .*25\.01/,
    );
  });

  it('says the same of a translator, for which more is better', () => {
    const report = starterReport([TRANSLATOR]);
    expect(report).toContain('All 2 goals are met.');
    expect(rowsOf(report).map((cells) => cells.slice(4))).toEqual([
      ['≥ 34: met', '34.50 [33.50, 35.50]', '−0.50: met'],
      ['', '0.00 [-1.00, 1.00]', '1.00'],
    ]);
  });

  it('names the command, and the dates and machines of the measurements once', () => {
    const report = starterReport([RECOGNISER, TRANSLATOR]);
    expect(report).toContain('Written by `npm run evaluate -- starter`');
    expect(report.match(/2001-02-03/g)).toHaveLength(1);
    expect(report.match(/a machine/g)).toHaveLength(1);
  });

  it('leaves out what was not measured', () => {
    const { fp32 } = RECOGNISER.measurements;
    const report = starterReport([{ ...RECOGNISER, measurements: { fp32 } } as ModelEvaluation]);
    expect(report).toContain('1 of 2 goals are met.');
    const parts = { 'test_shifted: fast': speech(3), test_shifted: speech(2) };
    const shifted = { fp32: { ...measurement, sets: parts } };
    const rows = rowsOf(
      starterReport([{ ...RECOGNISER, measurements: shifted } as ModelEvaluation]),
    );
    expect(rows.map(([title]) => title)).toEqual([
      'off the training distribution',
      'of these: fast',
    ]);
    expect(starterReport([])).toContain('nothing was measured yet');
  });
});
