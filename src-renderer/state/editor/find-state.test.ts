import { expect, test } from 'vitest';
import { ItemState } from '../item/item-state.svelte.ts';
import { TestApplication } from '../test-application.ts';
import { detailOf, unitOf } from '../test-data.ts';
import { FindState } from './find-state.svelte.ts';

async function looking(query: string, from = 0) {
  const app = new TestApplication();
  const detail = detailOf({ segments: 3 });
  app.details.set(detail.item.id, detail);
  const spoken = ['a cat, a cat', 'no pet', 'Cat and catalogue'];
  app.segments = spoken.map((text, index) => unitOf(index, { 0: text }));
  const item = new ItemState(app.client);
  await item.open(detail.item.id);
  const find = new FindState(item, () => Promise.resolve());
  find.show(from, query);
  return { app, item, find };
}

function shown({ position, matches, current }: FindState) {
  return [position + 1, matches.length, current?.index, current?.start];
}

test('matches are counted over the item and gone through in a circle', async () => {
  const { find } = await looking('cat');
  expect(shown(find)).toEqual([1, 4, 0, 2]);
  find.go(1);
  expect(shown(find)).toEqual([2, 4, 0, 9]);
  find.go(-1);
  find.go(-1);
  expect(shown(find)).toEqual([4, 4, 2, 8]);
  find.go(1);
  expect(shown(find)).toEqual([1, 4, 0, 2]);
});

test('it begins at the unit where it was asked for, and else at the first', async () => {
  const { find } = await looking('cat', 1);
  expect(shown(find)).toEqual([3, 4, 2, 0]);
  const { find: beyond } = await looking('no', 2);
  expect(shown(beyond)).toEqual([1, 1, 1, 0]);
});

test('replacing one shows the next one, and not what was just written', async () => {
  const { item, find } = await looking('cat');
  find.replacement = 'cat or cat';
  await find.replaceCurrent();
  expect(item.units[0]?.text).toBe('a cat or cat, a cat');
  expect(shown(find)).toEqual([3, 5, 0, 16]);
});

test('replacing all is one edit, counted and undone as one', async () => {
  const { app, item, find } = await looking('cat');
  find.wholeWords = true;
  find.replacement = 'dog';
  const replacing = find.replaceAll();
  expect(find.replacing).toBe(true);
  // Pressed twice.
  await find.replaceAll();
  await replacing;
  expect(find.replacing).toBe(false);
  expect(item.units.map(({ text }) => text)).toEqual([
    'a dog, a dog',
    'no pet',
    'dog and catalogue',
  ]);
  expect([app.changed.length, find.replacedCount, find.matches.length]).toEqual([1, 3, 0]);
  await item.undo();
  expect(item.units[2]?.text).toBe('Cat and catalogue');
});

test('the version that is the text is corrected', async () => {
  const { app, item, find } = await looking('cat');
  app.segments = [unitOf(0, { 0: 'a cat', 0.1: 'the pet' })];
  await item.reload();
  await item.change([{ type: 'choose', index: 0, alpha: 0.1 }]);
  find.look('pet');
  find.replacement = 'dog';
  await find.replaceAll();
  expect(app.changed.at(-1)?.[0]).toEqual({
    type: 'correct',
    index: 0,
    alpha: 0.1,
    text: 'the dog',
  });
});

test('nothing is found while it is closed, or for nothing', async () => {
  const { find } = await looking('');
  expect(shown(find)).toEqual([0, 0, undefined, undefined]);
  find.look('cat');
  find.close();
  expect(find.matches).toEqual([]);
});

test('a replacement that cannot be stored replaces nothing', async () => {
  const { app, item, find } = await looking('cat');
  app.full = true;
  await find.replaceAll();
  expect([find.replacedCount, item.units[0]?.text]).toEqual([null, 'a cat, a cat']);
});
