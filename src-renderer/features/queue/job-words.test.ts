import { expect, test } from 'vitest';
import { queue as german } from '../../i18n/de/queue.ts';
import { queue as english } from '../../i18n/en/queue.ts';
import { formats } from '../../i18n/formats.ts';
import { jobOf } from '../../state/test-data.ts';
import { amountOf, stageOf, timeLeftWords } from './job-words.ts';

const MINUTE = 60_000;
const heard = { ...jobOf().settings, task: 'transcribe' } as const;

test('recordings are counted in minutes, texts in sentences', () => {
  const recording = jobOf({ settings: heard, done: 80, total: 240.5 });
  expect(amountOf(recording, english, formats('en'))).toBe('1:20 of 4:00 minutes of audio');
  expect(amountOf({ ...recording, total: null }, german, formats('de'))).toBe(
    '1:20 Minuten Aufnahme',
  );
  const text = jobOf({ done: 12, total: 1200 });
  expect(amountOf(text, english, formats('en'))).toBe('12 of 1,200 sentences');
  expect(amountOf(text, german, formats('de'))).toBe('12 von 1.200 Sätzen');
});

test('what has not begun has no amount', () => {
  expect(amountOf(jobOf({ state: 'waiting', total: null }), english, formats('en'))).toBe('');
});

test('the stage of a running job is a word for what is done', () => {
  expect(stageOf(jobOf({ stage: 'loading' }), english)).toBe('Loading the model');
  expect(stageOf(jobOf({ settings: heard }), english)).toBe('Transcribing');
  expect(stageOf(jobOf({ state: 'done', stage: null }), english)).toBe('');
});

test('time left is never nothing', () => {
  expect(timeLeftWords(null, english)).toBe('');
  expect(timeLeftWords(0, english)).toBe('less than a minute left');
  expect(timeLeftWords(2.5 * MINUTE, english)).toBe('about 3 min left');
  expect(timeLeftWords(125 * MINUTE, english)).toBe('about 2 h 5 min left');
});
