import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TestApplication } from '../test-application.ts';
import { itemOf } from '../test-data.ts';
import { headReplaced, rowsReturned } from './history-pages.ts';
import { HistoryState, type ListedItem } from './history-state.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Newest first, as the application gives them. */
const letters = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    itemOf({ name: `letter ${index}`, createdAt: count - index }),
  );

async function listed(items: readonly ListedItem[]) {
  const app = new TestApplication();
  app.items = [...items];
  const history = new HistoryState(app.client);
  await history.load();
  return { app, history };
}

const names = (history: HistoryState) => history.items.map(({ name }) => name);

test('pages are added until everything is there', async () => {
  const { history } = await listed(letters(270));
  expect([history.items.length, history.total, history.hasMore]).toEqual([200, 270, true]);
  await Promise.all([history.more(), history.more()]);
  expect([history.items.length, history.hasMore]).toEqual([270, false]);
  expect(new Set(history.ids).size).toBe(270);
});

test('what is typed is looked for when the typing pauses', async () => {
  const { app, history } = await listed([itemOf({ name: 'apple' }), itemOf({ name: 'pear' })]);
  history.search('p');
  history.search('pea');
  await vi.advanceTimersByTimeAsync(119);
  expect(names(history)).toEqual(['apple', 'pear']);
  await vi.advanceTimersByTimeAsync(1);
  expect(names(history)).toEqual(['pear']);
  expect(app.searched).toEqual(['', 'pea']);
});

test('the answer to an older question never replaces that to a newer one', async () => {
  const { history } = await listed([
    itemOf({ name: 'speech', kind: 'audio' }),
    itemOf({ name: 'letter', state: 'failed' }),
  ]);
  await Promise.all([history.filter('audio', null), history.filter(null, 'failed')]);
  expect(names(history)).toEqual(['letter']);
  await history.showEverything();
  expect([history.items.length, history.narrowed]).toEqual([2, false]);
});

test('what changes shows in the pages that are there, and no page is lost', async () => {
  const { app, history } = await listed(letters(450));
  await history.more();
  expect(history.items).toHaveLength(400);
  const old = app.items[300]?.id ?? '';
  const added = itemOf({ name: 'new', createdAt: 1000 });
  app.items = app.items.map((item) => (item.id === old ? { ...item, state: 'failed' } : item));
  app.items = [added, ...app.items];
  const asked = app.searched.length;
  const many = Array.from({ length: 50 }, () => history.changed([added.id, old]));
  await Promise.all(many);
  expect(history.items).toHaveLength(401);
  expect(history.items[0]?.name).toBe('new');
  expect(history.items[301]).toMatchObject({ id: old, state: 'failed' });
  // One at once, and one for all the others.
  expect(app.searched.length - asked).toBe(2);
  await history.more();
  expect([history.items.length, history.hasMore]).toEqual([451, false]);
});

test('rows that were deleted elsewhere go, wherever they stand', async () => {
  const { app, history } = await listed(letters(450));
  await history.more();
  const gone = [10, 250].map((place) => app.items[place]?.id ?? '');
  await app.client.history.delete({ itemIds: gone });
  await history.changed(gone);
  expect(history.items).toHaveLength(398);
  expect(history.ids.filter((id) => gone.includes(id))).toEqual([]);
});

test('a row that no longer is in the state looked for goes', async () => {
  const { app, history } = await listed(letters(250).map((item) => ({ ...item, state: 'failed' })));
  await history.filter(null, 'failed');
  await history.more();
  const id = app.items[240]?.id ?? '';
  app.items = app.items.map((item) => (item.id === id ? { ...item, state: 'done' } : item));
  await history.changed([id]);
  expect([history.items.length, history.ids.includes(id)]).toEqual([249, false]);
});

test('a deletion can be undone, and the rows come back where they were', async () => {
  const { app, history } = await listed(letters(5));
  const before = history.ids;
  expect(await history.delete(app.items.slice(1, 3))).toBe(true);
  expect(names(history)).toEqual(['letter 0', 'letter 3', 'letter 4']);
  expect(history.cursor.focusWanted).toBe(app.items[3]?.id);
  expect(history.deletions.newest?.name).toBe('letter 1');
  await history.undo();
  expect([history.ids, history.total]).toEqual([before, 5]);
  expect(history.cursor.focusWanted).toBe(app.items[1]?.id);
  expect(history.deletions.newest).toBeNull();
});

test('deletions are undone one after the other, the newest first', async () => {
  const { app, history } = await listed(letters(3));
  const [first, second] = app.items;
  if (first !== undefined) await history.delete([first]);
  if (second !== undefined) await history.delete([second]);
  await history.undo();
  expect(names(history)).toEqual(['letter 1', 'letter 2']);
  await history.undo();
  expect(names(history)).toEqual(['letter 0', 'letter 1', 'letter 2']);
});

test('a name that cannot be stored is said, and the list stays', async () => {
  const { history } = await listed(letters(1));
  expect(await history.rename(crypto.randomUUID(), 'other')).toBe(false);
  expect(history.refusal?.code).toBe('ITEM_NOT_FOUND');
  await history.changed([]);
  expect(history.refusal).not.toBeNull();
  expect(await history.rename(history.ids[0] ?? '', 'other')).toBe(true);
  expect([names(history), history.refusal]).toEqual([['other'], null]);
});

const rows = (times: readonly number[]) => times.map((createdAt) => itemOf({ createdAt }));

test('a new first page and the rows of before make the list of now', () => {
  const size = 5;
  fc.assert(
    fc.property(fc.nat(12), fc.nat(6), fc.array(fc.boolean()), (old, added, gone) => {
      const before = rows(Array.from({ length: old }, (_, index) => old - index));
      const newer = rows(Array.from({ length: added }, (_, index) => 100 - index));
      const now = [...newer, ...before.filter((_, place) => gone[place] !== true)];
      const page = {
        items: now.slice(0, size),
        cursor: now.length > size ? 'more' : null,
      };
      const { items, kept } = headReplaced(before, page);
      expect(items.slice(0, size)).toEqual(page.items);
      expect(items.slice(size)).toHaveLength(kept);
      if (!page.items.some((row) => before.includes(row))) return;
      // What went beyond the page cannot be known from the page.
      const last = page.items.at(-1)?.createdAt ?? 0;
      const beyond = before.filter(({ createdAt }) => createdAt < last);
      expect(items).toEqual(page.cursor === null ? now : [...page.items, ...beyond]);
    }),
  );
});

test('rows that return stand where they were, whatever came or went meanwhile', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('stays', 'returns', 'goes')),
      fc.nat(3),
      (fates, added) => {
        // Of one moment, as files are that were dropped together.
        const all = rows(fates.map(() => 1));
        const those = (...wanted: string[]) =>
          all.filter((_, i) => wanted.includes(fates[i] ?? ''));
        const newer = rows(Array.from({ length: added }, () => 2));
        const order = all.map(({ id }) => id);
        const returned = rowsReturned([...newer, ...those('stays')], those('returns'), order);
        const expected = those('stays', 'returns');
        expect(returned.filter((row) => !newer.includes(row))).toEqual(expected);
        expect(returned).toHaveLength(newer.length + expected.length);
      },
    ),
  );
});
