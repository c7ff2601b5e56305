/** Records of the contract with everything filled in, for tests. */

import type { HistoryRun, ItemDetail, SegmentView } from '../../src-main/contract/history.ts';
import type { Job, RunSettings } from '../../src-main/contract/jobs.ts';
import type { ListedModel, ListedProxy } from '../../src-main/contract/model-list.ts';
import type { ListedItem } from './history/history-state.svelte.ts';

const SETTINGS: RunSettings = {
  task: 'translate',
  model: null,
  proxy: null,
  dtype: null,
  alphas: [0, 0.1],
  choice: 'plain',
  language: null,
  sourceLanguage: null,
  search: null,
  speech: null,
};

export function jobOf(change: Partial<Job> = {}): Job {
  return {
    id: crypto.randomUUID(),
    itemId: crypto.randomUUID(),
    runId: crypto.randomUUID(),
    name: 'letter.txt',
    work: { kind: 'whole' },
    state: 'running',
    stage: 'decoding',
    position: 1,
    settings: SETTINGS,
    done: 0,
    total: 10,
    segments: 0,
    error: null,
    createdAt: 0,
    startedAt: null,
    finishedAt: null,
    ...change,
  };
}

export function itemOf(change: Partial<ListedItem> = {}): ListedItem {
  return {
    id: crypto.randomUUID(),
    kind: 'text',
    name: 'letter.txt',
    createdAt: 0,
    duration: null,
    media: 'none',
    keep: true,
    deletedAt: null,
    runId: null,
    state: 'done',
    excerpt: '',
    found: null,
    ...change,
  };
}

export function detailOf(change: Partial<HistoryRun> = {}): ItemDetail {
  const { found: _found, ...item } = itemOf();
  const run: HistoryRun = {
    id: crypto.randomUUID(),
    itemId: item.id,
    createdAt: 0,
    settings: SETTINGS,
    alphas: [0, 0.1],
    model: null,
    proxy: null,
    device: null,
    threads: null,
    language: 'de',
    sourceLanguage: 'en',
    leading: '',
    segments: 0,
    state: 'running',
    error: null,
    timings: null,
    ...change,
  };
  return { item: { ...item, runId: run.id }, runs: [run], reference: null };
}

export function unitOf(index: number, texts: Readonly<Record<number, string>>): SegmentView {
  const variants = Object.entries(texts).map(([alpha, text]) => ({
    alpha: Number(alpha),
    text,
    predictedScore: null,
    averageLogProbability: -0.1,
    finishReason: 'end-of-text' as const,
  }));
  return {
    index,
    start: null,
    end: null,
    source: 'Good morning.',
    separator: ' ',
    predictedScore: null,
    gradientNorm: null,
    variants,
    chosenAlpha: 0,
    reviewed: false,
    correction: null,
    text: texts[0] ?? '',
    reference: null,
  };
}

export function modelOf(id: string, change: Partial<ListedModel> = {}): ListedModel {
  return {
    id,
    origin: 'bundled',
    family: 'whisper',
    task: 'transcribe',
    dtypes: ['int8', 'fp32'],
    bytes: 1000,
    directions: [{ source: 'en', target: 'en' }],
    sources: [],
    notes: [],
    proxies: [],
    brokenProxies: [],
    ...change,
  };
}

/** @param proven that both ends of the interval are above 0 */
export function proxyOf(suggestedAlpha: number, proven: boolean): ListedProxy {
  const interval: [number, number] = [proven ? 0.1 : -0.1, 1];
  const measured = { suggestedAlpha, gain: 0.5, interval, proven, condition: 'On a test set.' };
  return {
    id: 'wer',
    name: 'WER proxy',
    metric: 'wer',
    direction: 'lower-is-better',
    measured: { fp32: measured, int8: measured },
  };
}
