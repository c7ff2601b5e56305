import { expect, test } from 'vitest';
import { multipliesExactly } from './exact-products.ts';

test('whether products are exact is tried once, and answered', async () => {
  const answers = await Promise.all([multipliesExactly(), multipliesExactly()]);
  expect(answers[0]).toBe(answers[1]);
  expect(multipliesExactly()).toBe(multipliesExactly());
  // Processors of other kinds have no such instruction, and nothing to cut off.
  if (process.arch === 'arm64') expect(answers[0]).toBe(true);
});
