import fc from 'fast-check';
import { expect, test } from 'vitest';
import { historyPageSchema, itemDetailSchema, segmentViewSchema } from '../contract/history.ts';
import { jobSchema } from '../contract/jobs.ts';
import { resultSchema } from '../contract/result.ts';
import { addItem, query, testHistory } from './test-history.ts';
import { TIMINGS } from './test-history-data.ts';

const FOUND = (word: string) => `\uE000${word}\uE001`;

test('pages go from the newest to the oldest, each item once', async () => {
  const history = await testHistory();
  const names = Array.from({ length: 7 }, (_, i) => `item ${i}`);
  for (const name of names) addItem(history, { name });
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = history.list(query('', { cursor, limit: 3 }));
    expect(page.total).toBe(7);
    seen.push(...page.items.map(({ name }) => name));
    cursor = page.cursor;
  } while (cursor !== null);
  expect(seen).toEqual(names.toReversed());
});

test('a cursor that no page gave is refused', async () => {
  const history = await testHistory();
  expect(() => history.list(query('', { cursor: "1' OR 1" }))).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID' }),
  );
});

test('kind and state choose among the items', async () => {
  const history = await testHistory();
  const done = addItem(history, { name: 'done', texts: ['x'] });
  history.jobs.finishJob(done.id, 6, TIMINGS);
  addItem(history, { name: 'letter', kind: 'text' });
  const names = (change: Parameters<typeof query>[1]) =>
    history.list(query('', change)).items.map(({ name }) => name);
  expect(names({ kind: 'text' })).toEqual(['letter']);
  expect(names({ state: 'done' })).toEqual(['done']);
  expect(names({ state: 'failed' })).toEqual([]);
});

test('words are found in names and texts, without case and diacritics, the last as a beginning', async () => {
  const history = await testHistory();
  addItem(history, { name: 'Café meeting.wav', texts: ['We spoke of rivers', 'and of mountains'] });
  addItem(history, { name: 'other.wav', texts: ['Nothing of that'] });
  const found = (text: string) => history.list(query(text)).items.map((item) => item.found);
  expect(found('CAFE')).toEqual([`${FOUND('Café')} meeting.wav`]);
  expect(found('spoke riv')).toEqual([`We ${FOUND('spoke')} of ${FOUND('rivers')}`]);
  expect(found('river mountains')).toEqual([]);
  expect(found('rivers meeting mountains')).toHaveLength(1);
  expect(found('!?')).toEqual([]);
  expect(found(' ')).toEqual([null, null]);
});

test('deleted items are not found, restored ones are', async () => {
  const history = await testHistory();
  const { itemId } = addItem(history, { texts: ['rivers'] });
  history.markDeleted([itemId]);
  expect(history.list(query('rivers')).total).toBe(0);
  expect(history.list(query('')).total).toBe(0);
  expect(history.open(itemId).item.deletedAt).toBe(1000);
  history.restore([itemId]);
  expect(history.list(query('rivers')).total).toBe(1);
});

test('renaming changes what is found', async () => {
  const history = await testHistory();
  const { itemId } = addItem(history, { name: 'before' });
  history.rename(itemId, 'after');
  expect([history.list(query('before')).total, history.list(query('after')).total]).toEqual([0, 1]);
});

test('any search text is safe, and a word of the text is found in any surroundings', async () => {
  const history = await testHistory();
  addItem(history, { name: 'a "quoted" name*', texts: ["it's NEAR(you) OR not: col:x ^y"] });
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.stringMatching(/^[\w"'*()^:+ -]{0,40}$/),
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
      .map((codes) => String.fromCharCode(...codes)),
    fc.constantFrom('NEAR(', '"', '""', 'AND', 'a AND', '*', 'name:', '- -', '\0', 'a\0b'),
  );
  fc.assert(
    fc.property(text, (any) => {
      historyPageSchema.parse(history.list(query(any)));
    }),
    { numRuns: 200, seed: 20_261_121 },
  );
  for (const word of ['quoted', '"quoted"', '(near', 'it*', '^y', "it's"]) {
    expect(history.list(query(word)).total, word).toBe(1);
  }
});

test('any text is found again by any of its words, and everything keeps to the contract', async () => {
  const history = await testHistory();
  const word = fc.stringMatching(/^[a-zäöüéñçßøжяλ0-9]{1,12}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), fc.nat(), (words, n) => {
      const job = addItem(history, { texts: [words.join(', ')] });
      const wanted = words[n % words.length] ?? '';
      const { items } = history.list(query(wanted, { limit: 1 }));
      expect(items[0]?.id).toBe(job.itemId);
      expect(items[0]?.found).toContain('\uE000');
    }),
    { numRuns: 100, seed: 20_261_121 },
  );
  const { items } = historyPageSchema.parse(history.list(query('')));
  const item = items[0];
  const { runs } = itemDetailSchema.parse(history.open(item?.id ?? ''));
  const runId = runs[0]?.id ?? '';
  for (const segment of history.segments(runId, 0, 5000)) segmentViewSchema.parse(segment);
  for (const job of history.jobs.jobs()) jobSchema.parse(job);
  resultSchema.parse(history.result(runId, null));
});

test('an excerpt is the beginning of the text on one line', async () => {
  const history = await testHistory();
  const { itemId } = addItem(history, { texts: ['one\n two', 'three '.repeat(100)] });
  const { excerpt } = history.open(itemId).item;
  expect(excerpt).toMatch(/^one two three three .* …$/);
  expect(excerpt.length).toBeLessThanOrEqual(162);
});

test('media that are waiting are taken up in order; of a deleted item they are not', async () => {
  const history = await testHistory();
  const [a, b, c] = [addItem(history), addItem(history), addItem(history)];
  addItem(history, { kind: 'text' });
  history.setMedia(a.itemId, 'ready', 3.5);
  history.markDeleted([b.itemId]);
  expect(history.waitingMedia()).toEqual([
    { itemId: c.itemId, path: `/data/${c.itemId}/source.wav` },
  ]);
  expect(history.open(a.itemId).item).toMatchObject({ media: 'ready', duration: 3.5 });
});
