/** The application with the bundled models and samples, for the tests; not part of the product. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MODELS_DIRECTORY, SAMPLES_DIRECTORY } from '../../e2e/dev-inputs.ts';
import type { Job, RunSettings } from '../contract/jobs.ts';
import { App, type AppOptions } from './app.ts';

export function openTestApp(
  dataDirectory: string,
  options: Partial<AppOptions> = {},
): Promise<App> {
  return App.open({
    dataDirectory,
    modelDirectories: [MODELS_DIRECTORY],
    samplesDirectory: SAMPLES_DIRECTORY,
    shell: 'web',
    version: '0.0.0-test',
    mediaUrl: (itemId) => `test:${itemId}`,
    ...options,
  });
}

export interface TestApp extends AsyncDisposable {
  readonly app: App;
  readonly data: string;
}

/** Over a folder of its own. @param word part of the folder's name */
export async function testApp({
  word = 'app',
  ...options
}: Partial<AppOptions> & { readonly word?: string } = {}): Promise<TestApp> {
  const data = await mkdtemp(join(tmpdir(), `veer-${word}-`));
  const app = await openTestApp(data, options);
  return {
    app,
    data,
    async [Symbol.asyncDispose]() {
      await app.close();
      await rm(data, { recursive: true });
    },
  };
}

export function testSettings(
  task: RunSettings['task'],
  alphas: readonly number[] | null = [0],
): RunSettings {
  const model = task === 'translate' ? 'starter-mt-en-de-s' : 'starter-asr-en-s';
  return {
    task,
    model,
    proxy: null,
    dtype: null,
    alphas: alphas && [...alphas],
    choice: 'plain',
    language: null,
    sourceLanguage: null,
    search: null,
    speech: null,
  };
}

/** Its job has ended when it resolves. */
export async function translated(app: App, text: string, name = 'note.txt'): Promise<Job> {
  const source = { type: 'text', name, text } as const;
  const job = await app.core.add({ source, settings: testSettings('translate'), keep: true });
  await app.core.queue.idle();
  return job;
}
