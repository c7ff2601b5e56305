/** The queue with the real engine, the small bundled models and real files. */

import { join } from 'node:path';
import type { RunEvent } from '../../src-main/contract/engine-contract.ts';
import { VeerError } from '../../src-main/contract/errors.ts';
import { readTextFile } from '../../src-main/documents/plain-text.ts';
import { segmentText } from '../../src-main/documents/segment-text.ts';
import type { EngineEvent } from '../../src-main/engine-client/engine-client.ts';
import { EngineClient } from '../../src-main/engine-client/engine-client.ts';
import type { PlanRun, QueueEngine, ReadSentences } from '../../src-main/jobs/queue-ports.ts';
import { MODELS_DIRECTORY } from '../dev-inputs.ts';

const MODELS = {
  audio: { model: 'starter-asr-en-s', proxy: 'wer-attention' },
  text: { model: 'starter-mt-en-de-s', proxy: 'chrf-attention' },
} as const;

/** fp32 on the CPU, where a unit gives the same ids whatever its batch; small batches, many commits. */
export const planRun: PlanRun = async (settings, kind) => {
  const modelDirectory = join(MODELS_DIRECTORY, MODELS[kind].model);
  return {
    sourceLanguage: 'en',
    options: {
      modelDirectory,
      proxyDirectory: join(modelDirectory, 'proxies', MODELS[kind].proxy),
      dtype: 'fp32',
      device: 'cpu',
      threads: 1,
      alphas: settings.alphas ?? [0],
      language: null,
      search: null,
      sourceLanguage: null,
      batchSize: 2,
    },
  };
};

export const readSentences: ReadSentences = async (path, language) => {
  const { text } = await readTextFile(path);
  return segmentText(text, language ?? 'en');
};

/** The engine as the queue wants it: a crash is told at once. */
export function queueEngine(client: EngineClient): QueueEngine {
  return {
    transcribe: (...request) => withoutRestarts(client.transcribe(...request)),
    translate: (...request) => withoutRestarts(client.translate(...request)),
  };
}

export function startEngine(): EngineClient {
  return new EngineClient({ onCrash: 'fail' });
}

async function* withoutRestarts(events: AsyncIterable<EngineEvent>): AsyncGenerator<RunEvent> {
  for await (const event of events) {
    if (event.type === 'restarted') {
      throw new VeerError('INTERNAL', 'The engine began again although it was told not to.');
    }
    yield event;
  }
}
