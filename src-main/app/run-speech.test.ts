/** Runs that ask for more of a recogniser than plain decoding: stored, done, kept, and in the result. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FIXTURES, MODELS_DIRECTORY } from '../../e2e/dev-inputs.ts';
import type { RunSettings } from '../contract/jobs.ts';
import { resultSchema } from '../contract/result.ts';
import { FALLBACK_TEMPERATURES, PLAIN_SPEECH, type Speech } from '../contract/speech.ts';
import { type TestApp, testApp, testSettings } from './test-app.ts';

const modelDirectories = [MODELS_DIRECTORY, join(FIXTURES, 'families')];
const SOURCE = { type: 'sample', name: 'noisy-digits.en.opus' } as const;
const CHECKS = {
  temperatures: [...FALLBACK_TEMPERATURES],
  compressionRatioThreshold: 2.4,
  logProbabilityThreshold: -1,
  noSpeechThreshold: 0.6,
  seed: 0,
};

async function run({ app }: TestApp, settings: RunSettings) {
  const job = await app.core.add({ source: SOURCE, settings, keep: true });
  await app.core.queue.idle();
  return app.core.history.run(job.runId);
}

const resultOf = ({ app }: TestApp, runId: string, alpha: number | null = null) =>
  resultSchema.parse(JSON.parse(app.core.export(runId, 'json', alpha).content));

test('prompt, checks and times are done, and more α with them', async () => {
  await using running = await testApp({ modelDirectories });
  const speech: Speech = {
    ...PLAIN_SPEECH,
    prompt: 'Seven, eight.',
    fallback: CHECKS,
    longForm: 'sequential',
  };
  const { id } = await run(running, { ...testSettings('transcribe'), speech });
  const { queue, history } = running.app.core;
  expect(history.run(id)).toMatchObject({ state: 'done', settings: { speech } });
  const plain = resultOf(running, id);
  expect(plain.speech).toEqual(speech);
  expect(plain.segments[0]?.variants[0]).toMatchObject({ quality: { noSpeech: false } });
  expect(plain.segments[0]?.variants[0]?.phrases).not.toEqual([]);
  queue.addVariants(id, { kind: 'variants', alphas: [0.1], units: null });
  await queue.idle();
  expect(history.run(id)).toMatchObject({ state: 'done', alphas: [0, 0.1], error: null });
  const more = resultOf(running, id, 0.1);
  expect(more.segments.map(({ start, end }) => [start, end])).toEqual(
    plain.segments.map(({ start, end }) => [start, end]),
  );
  expect(more.segments[0]?.variants[0]?.phrases).toBeDefined();
});

test('a model of several languages is told the one spoken, and to write English', async () => {
  await using running = await testApp({ modelDirectories });
  const settings = {
    ...testSettings('transcribe'),
    model: 'whisper-multilingual',
    search: { strategy: 'greedy', ...RULES, maxNewTokens: 8 },
  } as const;
  const speech = { ...PLAIN_SPEECH, toEnglish: true };
  const told = await run(running, { ...settings, sourceLanguage: 'de', speech });
  expect(told).toMatchObject({ state: 'done', sourceLanguage: 'de', language: 'en' });
  expect(resultOf(running, told.id)).toMatchObject({ speech, sourceLanguage: 'de' });
  const heard = await run(running, settings);
  expect(heard).toMatchObject({ state: 'done', sourceLanguage: heard.language });
  expect(heard.language).toMatch(/^(en|de|fr)$/);
  expect(resultOf(running, heard.id)).not.toHaveProperty('speech');
});

test('what a model cannot do fails by name', async () => {
  await using running = await testApp({ modelDirectories });
  const settings = testSettings('transcribe');
  await run(running, { ...settings, speech: { ...PLAIN_SPEECH, toEnglish: true } });
  await run(running, { ...settings, sourceLanguage: 'de' });
  const codes = running.app.core.queue.list().map(({ error }) => error?.code);
  expect(codes).toEqual(['OPTION_INVALID', 'LANGUAGE_UNSUPPORTED']);
});

const RULES = { repetitionPenalty: null, noRepeatNgramSize: null, minNewTokens: null };
