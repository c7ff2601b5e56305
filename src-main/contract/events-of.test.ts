import { expect, test } from 'vitest';
import { eventsOf } from './events-of.ts';

test('a stream hands out every event before the error that follows them', async () => {
  const seen: number[] = [];
  const events = eventsOf<number>(async (emit) => {
    emit(1);
    await Promise.resolve();
    emit(2);
    throw new Error('after two');
  });
  await expect(
    (async () => {
      for await (const event of events) seen.push(event);
    })(),
  ).rejects.toThrow('after two');
  expect(seen).toEqual([1, 2]);
});
