import { expect, test } from 'vitest';
import { goalAgainst } from './goals.ts';

test.each([
  ['transformers.js, one by one', 0.5],
  ['transformers.js, batches of 8', 0.5],
  ['CTranslate2 float32, batches of 32', 0.9],
  ['whisper.cpp f16, one by one', 0.9],
  ['whisper.cpp f16 with flash attention, one by one', 0.9],
  ['CTranslate2 int8, one by one', null],
  ['whisper.cpp q8_0, one by one', null],
  ['Veer, one by one', null],
])('against %s the goal is %s', (name, goal) => {
  expect(goalAgainst(name)).toBe(goal);
});
