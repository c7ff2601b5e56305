/** What goes into a history in the tests; not part of the product. */

import { join } from 'node:path';
import type { RunSettings } from '../contract/jobs.ts';
import type { Segment } from '../contract/result.ts';
import type { RunFacts } from '../jobs/job-store.ts';

export const SETTINGS: RunSettings = {
  task: 'transcribe',
  model: 'tiny',
  proxy: null,
  dtype: null,
  alphas: null,
  choice: 'plain',
  language: null,
  sourceLanguage: null,
  search: null,
  speech: null,
};

export const FACTS: RunFacts = {
  model: {
    id: 'tiny',
    family: 'whisper',
    dtype: 'fp32',
    encoderSha256: 'a'.repeat(64),
    decoderSha256: 'b'.repeat(64),
  },
  proxy: { id: 'wer', sha256: 'c'.repeat(64), metric: 'wer', direction: 'lower-is-better' },
  device: { requested: 'auto', used: 'cpu', fallbacks: [{ device: 'webgpu', reason: 'none' }] },
  threads: null,
  language: 'en',
  sourceLanguage: 'en',
  leading: null,
};

export const TIMINGS = { read: 1, features: 2, encode: 3, proxy: 4, decode: 5, total: 15, load: 6 };

export function historyFiles(folder: string) {
  return { file: join(folder, 'veer.db'), backupsDirectory: join(folder, 'backups') };
}

/** @param texts by α, in the order of the engine */
export function makeSegment(index: number, texts: Readonly<Record<number, string>>): Segment {
  return {
    index,
    start: index * 6,
    end: index * 6 + 6,
    source: null,
    separator: null,
    predictedScore: 0.25,
    gradientNorm: 1.5e-7,
    variants: Object.entries(texts).map(([alpha, text]) => ({
      alpha: Number(alpha),
      text,
      tokenIds: [0, 50_257, 2 ** 31 + 7],
      predictedScore: Number(alpha) === 0 ? 0.25 : 0.125,
      averageLogProbability: -0.1,
      finishReason: 'end-of-text',
    })),
  };
}
