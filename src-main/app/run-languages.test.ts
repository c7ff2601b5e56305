/** What a run reads: asked for, kept for whatever follows, and refused by name. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FIXTURES, MODELS_DIRECTORY } from '../../e2e/dev-inputs.ts';
import type { RunSettings } from '../contract/jobs.ts';
import { type TestApp, testApp, testSettings } from './test-app.ts';

const modelDirectories = [MODELS_DIRECTORY, join(FIXTURES, 'families')];
const M2M100 = { ...testSettings('translate'), model: 'm2m100', language: 'fr' };

async function run({ app }: TestApp, settings: RunSettings) {
  const source = { type: 'text', name: 'note.txt', text: 'Hallo Welt.' } as const;
  const job = await app.core.add({ source, settings, keep: true });
  await app.core.queue.idle();
  return app.core.history.run(job.runId);
}

test('a model of many languages reads what it is told, or else its own', async () => {
  await using running = await testApp({ modelDirectories });
  const told = await run(running, { ...M2M100, sourceLanguage: 'de' });
  expect(told).toMatchObject({ state: 'done', sourceLanguage: 'de', language: 'fr' });
  expect(told.settings.sourceLanguage).toBe('de');
  expect(running.app.core.export(told.id, 'json', null).content).toContain(
    '"sourceLanguage": "de"',
  );
  const open = await run(running, M2M100);
  expect(open).toMatchObject({ state: 'done', sourceLanguage: 'en' });
  expect(open.settings.sourceLanguage).toBeNull();
});

test('a language that the model does not read is refused by name, on a retry too', async () => {
  await using running = await testApp({ modelDirectories });
  const { queue } = running.app.core;
  await run(running, { ...M2M100, sourceLanguage: 'xx' });
  const [failed] = queue.list();
  const error = { code: 'LANGUAGE_UNSUPPORTED', message: expect.stringMatching(/not read "xx"/) };
  expect(failed).toMatchObject({ state: 'failed', error });
  queue.retry(failed?.id ?? '');
  await queue.idle();
  expect(queue.list()).toMatchObject([{ state: 'failed', error }]);
});

test('more α of a run read the same language', async () => {
  await using running = await testApp({ modelDirectories });
  const { queue, history } = running.app.core;
  const asked = { ...testSettings('translate'), language: 'en', sourceLanguage: 'de' };
  const { id } = await run(running, asked);
  const more = queue.addVariants(id, { kind: 'variants', alphas: [0.1], units: null });
  expect(more.settings.sourceLanguage).toBe('de');
  await queue.idle();
  expect(history.run(id)).toMatchObject({ alphas: [0, 0.1], sourceLanguage: 'de', error: null });
});
