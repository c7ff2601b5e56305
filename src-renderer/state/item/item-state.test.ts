import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { UnitChange } from '../../../src-main/contract/history.ts';
import { TestApplication } from '../test-application.ts';
import { detailOf, unitOf } from '../test-data.ts';
import { ItemState } from './item-state.svelte.ts';

async function opened(count: number) {
  const app = new TestApplication();
  const detail = detailOf({ segments: count });
  app.details.set(detail.item.id, detail);
  app.segments = Array.from({ length: count }, (_, index) => unitOf(index, { 0: `${index}` }));
  const item = new ItemState(app.client);
  await item.open(detail.item.id);
  return { app, detail, item, runId: item.run?.id ?? '' };
}

test('every unit is read, whatever the number', async () => {
  const { item } = await opened(700);
  expect([item.units.length, item.complete]).toEqual([700, true]);
});

test('a unit that was stored is added once and in its place', async () => {
  const { app, item, runId } = await opened(2);
  app.segments = [0, 1, 2, 3].map((index) => unitOf(index, { 0: `${index}` }));
  await Promise.all([item.segmentDone(runId, 3), item.segmentDone(runId, 2)]);
  await item.segmentDone(runId, 3);
  expect(item.units.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
});

test('units of another run are not shown', async () => {
  const { app, item } = await opened(1);
  app.segments = [unitOf(0, { 0: 'a' }), unitOf(1, { 0: 'b' })];
  await item.segmentDone(crypto.randomUUID(), 1);
  expect(item.units).toHaveLength(1);
});

test('an item that is gone is said with its code', async () => {
  const item = new ItemState(new TestApplication().client);
  await item.open(crypto.randomUUID());
  expect(item.problem?.code).toBe('ITEM_NOT_FOUND');
});

test('the answer for an item that was closed meanwhile is dropped', async () => {
  const { detail, item } = await opened(1);
  const opening = item.open(detail.item.id);
  item.close();
  await opening;
  await vi.waitFor(() => expect(item.detail).toBeNull());
  expect(item.units).toEqual([]);
});

const UNITS = 3;
const ALPHAS = [0, 0.05, 0.1];

/** @param earlier what was done to the units before the item was opened */
async function withVersions(earlier: readonly UnitChange[]) {
  const app = new TestApplication();
  const detail = detailOf({ segments: UNITS });
  app.details.set(detail.item.id, detail);
  const texts = { 0: 'plain', 0.05: 'nudged', 0.1: 'pushed' };
  app.segments = Array.from({ length: UNITS }, (_, index) => unitOf(index, texts));
  const runId = detail.runs[0]?.id ?? '';
  if (earlier.length > 0) await app.client.history.change({ runId, changes: [...earlier] });
  const item = new ItemState(app.client);
  await item.open(detail.item.id);
  return { app, item };
}

const changes: fc.Arbitrary<UnitChange[]> = fc.array(
  fc.oneof(
    fc.record({
      type: fc.constant('choose' as const),
      index: fc.nat(UNITS - 1),
      alpha: fc.constantFrom(null, ...ALPHAS),
    }),
    fc.record({
      type: fc.constant('correct' as const),
      index: fc.nat(UNITS - 1),
      alpha: fc.constantFrom(...ALPHAS),
      // Texts of machines and few others, so that what is there already is written again.
      text: fc.constantFrom(null, 'plain', 'nudged', 'mended', 'mended again', ''),
    }),
  ),
  { minLength: 1, maxLength: 6 },
);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ changes, mergeKey: fc.constantFrom(null, 'typing') }) },
  { weight: 2, arbitrary: fc.constant('undo' as const) },
  { weight: 1, arbitrary: fc.constant('redo' as const) },
);

test('undo gives back every unit, and redo what was undone, whatever was done', async () => {
  await fc.assert(
    fc.asyncProperty(changes, fc.array(step, { maxLength: 12 }), async (earlier, steps) => {
      const { app, item } = await withVersions(earlier);
      const original = [app.segments, app.units.corrections()];
      for (const one of steps) {
        if (one === 'undo') await item.undo();
        else if (one === 'redo') await item.redo();
        else expect(await item.change(one.changes, one.mergeKey)).toBe(true);
        expect(item.units).toEqual(app.segments);
      }
      const standing = [app.segments, app.units.corrections()];
      let undone = 0;
      for (; item.canUndo; undone += 1) await item.undo();
      expect([app.segments, app.units.corrections()]).toEqual(original);
      for (; undone > 0; undone -= 1) await item.redo();
      expect([app.segments, app.units.corrections()]).toEqual(standing);
    }),
    { numRuns: 300 },
  );
});

test('the standing text is what was asked for, version by version', async () => {
  const { item } = await withVersions([{ type: 'correct', index: 0, alpha: 0.1, text: 'hidden' }]);
  await item.change([
    { type: 'choose', index: 0, alpha: 0.1 },
    { type: 'correct', index: 0, alpha: 0.1, text: 'pushed' },
    { type: 'correct', index: 1, alpha: 0.05, text: 'not the text' },
  ]);
  expect(item.units.map(({ text }) => text)).toEqual(['pushed', 'plain', 'plain']);
  await item.undo();
  await item.change([{ type: 'choose', index: 0, alpha: 0.1 }]);
  expect(item.unit(0)?.text).toBe('hidden');
});

test('edits with one key in a row are undone as one', async () => {
  const { item } = await withVersions([]);
  const type = (text: string, key: string) =>
    item.change([{ type: 'correct', index: 0, alpha: 0, text }], key);
  await type('p', 'a');
  await type('pl', 'a');
  await type('pla', 'b');
  await item.undo();
  expect(item.unit(0)?.text).toBe('pl');
  await item.undo();
  expect([item.unit(0)?.text, item.canUndo]).toEqual(['plain', false]);
});

test('what was typed last is stored though another item was opened meanwhile', async () => {
  const { app, item } = await withVersions([]);
  const other = detailOf({ segments: UNITS });
  app.details.set(other.item.id, other);
  const typed = item.change([{ type: 'correct', index: 2, alpha: 0, text: 'typed last' }]);
  const opening = item.open(other.item.id);
  expect(await typed).toBe(true);
  await opening;
  expect(app.segments[2]?.text).toBe('typed last');
  expect(item.canUndo).toBe(false);
});

test('what is refused is said, and is not to be undone', async () => {
  const { item } = await withVersions([]);
  expect(await item.change([{ type: 'choose', index: 0, alpha: 0.3 }])).toBe(false);
  expect([item.problem?.code, item.canUndo]).toEqual(['VARIANT_NOT_FOUND', false]);
});

test('what stands over the units is read again without the units, but for those that are missing', async () => {
  const { app, detail, item } = await opened(3);
  const before = item.units;
  const rename = (name: string, segments: number) =>
    app.details.set(detail.item.id, {
      ...detail,
      item: { ...detail.item, name },
      runs: detail.runs.map((run) => ({ ...run, segments })),
    });
  rename('other', 3);
  await item.refresh();
  expect(item.detail?.item.name).toBe('other');
  expect(item.units).toBe(before);
  app.segments = [...app.segments, unitOf(3, { 0: '3' })];
  rename('other', 4);
  await item.refresh();
  expect(item.units).toHaveLength(4);
});

test('an event of a job among thousands of units costs little', async () => {
  const { app, item, runId } = await opened(2400);
  app.segments = app.segments.map((unit) => ({ ...unit, text: 'new' }));
  const others = item.units.slice(0, 2399);
  await item.segmentDone(runId, 2399);
  expect(item.unit(2399)?.text).toBe('new');
  // Whoever draws them sees that they are the same.
  expect(item.units.slice(0, 2399).every((unit, index) => unit === others[index])).toBe(true);
});
