import { expect, test } from 'vitest';
import type { HistoryRun } from '../../../src-main/contract/history.ts';
import type { ListedModel } from '../../../src-main/contract/model-list.ts';
import { detailOf, modelOf, proxyOf } from '../test-data.ts';
import { startingAlpha, suggestionFor } from './suggested-strength.ts';

function runOf(change: Partial<HistoryRun>): HistoryRun {
  const [run] = detailOf(change).runs;
  if (run === undefined) throw new Error('An item has a run.');
  return run;
}

const SETTINGS = { ...runOf({}).settings, alphas: [0], dtype: 'int8' as const };
const PLAIN = { alphas: [0], settings: SETTINGS };

function start(model: ListedModel | null, change: Partial<HistoryRun> = PLAIN) {
  const run = runOf(change);
  const suggestion = suggestionFor(run, model);
  return [suggestion.state, startingAlpha(suggestion, run)];
}

function withProxy(proven: boolean): ListedModel {
  return modelOf('asr', { proxies: [proxyOf(0.05, proven)] });
}

test('a proven gain is taken at once, also where the run has only plain output', () => {
  expect(start(withProxy(true))).toEqual(['proven', 0.05]);
});

test('without a proven gain the comparison begins off', () => {
  expect(start(withProxy(false))).toEqual(['unproven', 0]);
});

test('a suggestion that the run has computed is shown, proven or not', () => {
  expect(start(withProxy(false), { ...PLAIN, alphas: [0, 0.05] })).toEqual(['unproven', 0.05]);
});

test('what the run was asked for is shown where the suggestion is not there', () => {
  const settings = { ...SETTINGS, alphas: [0, 0.1, 0.3] };
  expect(start(withProxy(false), { ...PLAIN, settings })).toEqual(['unproven', 0.3]);
});

test('a dtype that the proxy was not measured with has no suggestion', () => {
  const settings = { ...SETTINGS, dtype: 'fp16' as const };
  expect(start(withProxy(true), { ...PLAIN, settings })).toEqual(['unmeasured', 0]);
});

test('a model without proxies, and one that is gone, have no direction to go', () => {
  expect(start(modelOf('asr'))).toEqual(['no-proxy', 0]);
  expect(start(null)).toEqual(['no-proxy', 0]);
});

test('the proxy that the run names is meant, not the first one', () => {
  const mine = { ...proxyOf(0.2, true), id: 'mine' };
  const model = modelOf('asr', { proxies: [proxyOf(0.05, false), mine] });
  const settings = { ...SETTINGS, proxy: 'mine' };
  expect(start(model, { ...PLAIN, settings })).toEqual(['proven', 0.2]);
});
