import { expect, test } from 'vitest';
import type { Speech } from '../../../src-main/contract/speech.ts';
import { modelOf } from '../test-data.ts';
import { SpeechChoices } from './speech-choices.svelte.ts';

const ENGLISH = modelOf('asr');
const SEVERAL = modelOf('big', {
  directions: ['en', 'de'].map((language) => ({ source: language, target: language })),
});

function choices(change: Partial<SpeechChoices>): SpeechChoices {
  return Object.assign(new SpeechChoices(), change);
}

const PLAIN: Speech = {
  toEnglish: false,
  timestamps: false,
  wordTimes: false,
  prompt: null,
  fallback: null,
  longForm: 'pauses',
  conditionOnPrevious: false,
};

test('what is not asked for is plain, and nothing at all is null', () => {
  expect(choices({}).of(SEVERAL)).toBeNull();
  expect(choices({ prompt: '  ' }).of(SEVERAL)).toBeNull();
  const asked = choices({ prompt: ' Anna ', sequential: true });
  expect(asked.of(ENGLISH)).toEqual({ ...PLAIN, prompt: 'Anna', longForm: 'sequential' });
  expect(choices({ toEnglish: true }).of(SEVERAL)).toEqual({ ...PLAIN, toEnglish: true });
});

test('checks have the values of the reference implementation', () => {
  const { fallback } = choices({ qualityChecks: true }).of(ENGLISH) ?? PLAIN;
  expect(fallback).toEqual({
    temperatures: [0, 0.2, 0.4, 0.6, 0.8, 1],
    compressionRatioThreshold: 2.4,
    logProbabilityThreshold: -1,
    noSpeechThreshold: 0.6,
    seed: 0,
  });
});

test('a model is asked only for what it has', () => {
  const all = choices({ toEnglish: true, qualityChecks: true });
  expect(all.of(ENGLISH)).toMatchObject({ toEnglish: false });
  expect(choices({ toEnglish: true }).of(ENGLISH)).toBeNull();
  expect(all.of(modelOf('moonshine', { family: 'moonshine' }))).toBeNull();
  expect(all.of(null)).toBeNull();
});

test('what a run was made with is taken over', () => {
  const asked = choices({ toEnglish: true, prompt: 'Anna', sequential: true }).of(SEVERAL);
  const other = choices({ qualityChecks: true });
  other.adopt(asked);
  expect(other.of(SEVERAL)).toEqual(asked);
  other.adopt(null);
  expect(other.of(SEVERAL)).toBeNull();
});
