import { expect, test } from 'vitest';
import { coalesced } from './coalesced.ts';

function counted() {
  const ends: (() => void)[] = [];
  const ask = coalesced(() => new Promise((resolve) => ends.push(resolve)));
  return { ask, ends };
}

test('what is asked for while it is done is done once more, and only once', async () => {
  const { ask, ends } = counted();
  const first = ask();
  const [second, third] = [ask(), ask()];
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await first;
  await Promise.resolve();
  expect(ends).toHaveLength(2);
  ends[1]?.();
  await Promise.all([second, third]);
  expect(ends).toHaveLength(2);
});

test('what is asked for later is done anew', async () => {
  const { ask, ends } = counted();
  const first = ask();
  ends[0]?.();
  await first;
  void ask();
  expect(ends).toHaveLength(2);
});
