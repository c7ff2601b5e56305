import { expect, test } from 'vitest';
import { modelOf, proxyOf } from '../test-data.ts';
import { automaticAlphas, suggestedAlphas } from './model-choice.ts';

test('a step is made by itself only where its gain is proven', () => {
  const proven = modelOf('a', { proxies: [proxyOf(0.05, true)] });
  const hoped = modelOf('b', { proxies: [proxyOf(0.05, false)] });
  expect(automaticAlphas(proven, 'fp32')).toEqual([0, 0.05]);
  expect(automaticAlphas(proven, null)).toEqual([0, 0.05]);
  expect(automaticAlphas(hoped, 'fp32')).toEqual([0]);
  expect(automaticAlphas(modelOf('c'), 'fp32')).toEqual([0]);
});

test('a step is suggested only for weights that were measured', () => {
  const model = modelOf('a', { proxies: [proxyOf(0.05, false)] });
  expect(suggestedAlphas(model, 'fp32')).toEqual([0, 0.05]);
  expect(suggestedAlphas(model, 'q4')).toBeNull();
});
