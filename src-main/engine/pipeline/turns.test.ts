import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

const never = new AbortController().signal;

/** What was let in, in order; each entry can be ended. */
function entering(turns: Turns) {
  const inside: string[] = [];
  const ends = new Map<string, () => void>();
  const enter = async (name: string, key: string | null, signal = never) => {
    const taken = await turns.take(key, signal);
    inside.push(name);
    ends.set(name, () => taken[Symbol.dispose]());
  };
  const end = async (name: string) => {
    ends.get(name)?.();
    await turn();
  };
  return { inside, enter, end };
}

test('the same at once, others after them, in the order they came', async () => {
  const { inside, enter, end } = entering(new Turns());
  const all = ['a1:a', 'a2:a', 'b1:b', 'a3:a', 'a4:a'].map((entry) => {
    const [name = '', key = ''] = entry.split(':');
    return enter(name, key);
  });
  await turn();
  // a3 shares with a1, but b1 was there before it.
  expect(inside).toEqual(['a1', 'a2']);
  await end('a1');
  expect(inside).toEqual(['a1', 'a2']);
  await end('a2');
  expect(inside).toEqual(['a1', 'a2', 'b1']);
  await end('b1');
  expect(inside).toEqual(['a1', 'a2', 'b1', 'a3', 'a4']);
  await Promise.all(all);
});

test('without a key nothing is shared', async () => {
  const { inside, enter, end } = entering(new Turns());
  const all = [enter('one', null), enter('two', null)];
  await turn();
  expect(inside).toEqual(['one']);
  await end('one');
  expect(inside).toEqual(['one', 'two']);
  await Promise.all(all);
});

test('who gives up waiting holds nobody up', async () => {
  const { inside, enter } = entering(new Turns());
  const controller = new AbortController();
  const first = enter('a1', 'a');
  const given = expect(enter('b1', 'b', controller.signal)).rejects.toMatchObject({
    code: 'CANCELLED',
  });
  const behind = enter('a2', 'a');
  await turn();
  expect(inside).toEqual(['a1']);
  controller.abort();
  await Promise.all([first, given, behind]);
  expect(inside).toEqual(['a1', 'a2']);
  await expect(enter('c', 'c', controller.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
});
