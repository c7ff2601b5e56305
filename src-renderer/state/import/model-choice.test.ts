import { expect, test } from 'vitest';
import { modelOf, proxyOf } from '../test-data.ts';
import { openAlphas, suggestedAlphas } from './model-choice.ts';

test('a step is made by itself only where its gain is proven', () => {
  const proven = modelOf('a', { proxies: [proxyOf(0.05, true)] });
  const hoped = modelOf('b', { proxies: [proxyOf(0.05, false)] });
  expect(openAlphas(proven, 'fp32', 'plain')).toEqual([0, 0.05]);
  expect(openAlphas(proven, null, 'plain')).toEqual([0, 0.05]);
  expect(openAlphas(hoped, 'fp32', 'plain')).toEqual([0]);
  expect(openAlphas(modelOf('c'), 'fp32', 'plain')).toEqual([0]);
  expect(openAlphas(hoped, 'fp32', 'automatic')).toEqual([0, 0.05, 0.025, 0.1]);
  expect(openAlphas(modelOf('c'), 'fp32', 'automatic')).toEqual([0]);
});

test('a step is suggested only for weights that were measured', () => {
  const model = modelOf('a', { proxies: [proxyOf(0.05, false)] });
  expect(suggestedAlphas(model, 'fp32')).toEqual([0, 0.05]);
  expect(suggestedAlphas(model, 'q4')).toBeNull();
});
