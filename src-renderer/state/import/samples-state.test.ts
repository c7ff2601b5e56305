import { expect, test, vi } from 'vitest';
import type { ListedModel } from '../../../src-main/contract/model-list.ts';
import { ModelsState } from '../models/models-state.svelte.ts';
import { TestApplication } from '../test-application.ts';
import { jobOf, modelOf, proxyOf } from '../test-data.ts';
import { SamplesState } from './samples-state.svelte.ts';

function samplesWith(models: ListedModel[]) {
  const app = new TestApplication();
  const job = jobOf();
  app.jobs = [job];
  const list = new ModelsState(app.client);
  list.list = { models, broken: [] };
  const open = vi.fn();
  return { app, job, open, samples: new SamplesState(app.client, list, open) };
}

test('the recording is made plain and with the suggested step, proven or not, and opened', async () => {
  const { app, job, open, samples } = samplesWith([
    modelOf('without-proxy'),
    modelOf('with-proxy', { proxies: [proxyOf(0.05, false)] }),
  ]);
  await samples.recording();
  expect(app.added).toEqual([
    {
      source: { type: 'sample', name: 'noisy-digits.en.opus' },
      settings: {
        task: 'transcribe',
        model: 'with-proxy',
        dtype: 'fp32',
        proxy: null,
        alphas: [0, 0.05],
        choice: 'plain',
        language: null,
        sourceLanguage: null,
        search: null,
        speech: null,
      },
      keep: true,
    },
  ]);
  expect(open).toHaveBeenCalledWith(job.itemId);
  expect(samples.busy).toBeNull();
});

test('without a proxy the recording is still transcribed', async () => {
  const { app, samples } = samplesWith([modelOf('asr')]);
  await samples.recording();
  expect(app.added[0]?.settings).toMatchObject({ task: 'transcribe', model: null, alphas: null });
});

test('the English letter goes to a model that reads English', async () => {
  const german = { source: 'de', target: 'en' };
  const { app, samples } = samplesWith([
    modelOf('de-en', { task: 'translate', directions: [german] }),
    modelOf('both', { task: 'translate', directions: [german, { source: 'en', target: 'de' }] }),
  ]);
  await samples.letter();
  expect(app.added[0]).toMatchObject({
    source: { name: 'letter.en.txt' },
    settings: { task: 'translate', model: 'both', language: 'de', alphas: null },
  });
});

test('two clicks in a row bring one item; a failure is told', async () => {
  const { app, open, samples } = samplesWith([]);
  await Promise.all([samples.recording(), samples.recording()]);
  expect(app.added).toHaveLength(1);
  app.jobs = [];
  open.mockClear();
  await samples.letter();
  expect(samples.problem?.code).toBe('DISK_FULL');
  expect(open).not.toHaveBeenCalled();
});
