import { expect, test, vi } from 'vitest';
import type { SegmentView } from '../../../src-main/contract/history.ts';
import { ItemState } from '../item/item-state.svelte.ts';
import { ModelsState } from '../models/models-state.svelte.ts';
import { PlayerState } from '../player/player-state.svelte.ts';
import { QueueState } from '../queue/queue-state.svelte.ts';
import { TestApplication } from '../test-application.ts';
import { detailOf, jobOf, modelOf, proxyOf, unitOf } from '../test-data.ts';
import { type CompareParts, CompareState } from './compare-state.svelte.ts';
import { VariantRequests } from './variant-requests.svelte.ts';

/** Two of five differ: 1 and 3. */
const TEXTS = ['same', 'differs', 'same', 'differs', 'same'];

function unitsOf(texts: readonly string[]): SegmentView[] {
  return texts.map((text, index) =>
    unitOf(index, { 0: 'same', 0.05: text === 'same' ? 'same' : `${text} ${index}` }),
  );
}

interface Given {
  readonly units?: SegmentView[];
  readonly proven?: boolean;
  readonly alphas?: readonly number[];
  readonly random?: CompareParts['random'];
}

async function compared(given: Given = {}) {
  const { units = unitsOf(TEXTS), proven = true, alphas = [0, 0.05], random = () => 0 } = given;
  const app = new TestApplication();
  const settings = {
    ...jobOf().settings,
    model: 'mt',
    dtype: 'int8' as const,
    alphas: [...alphas],
  };
  const detail = detailOf({ segments: units.length, settings, alphas: [...alphas] });
  app.details.set(detail.item.id, detail);
  app.segments = units;
  const item = new ItemState(app.client);
  await item.open(detail.item.id);
  const models = new ModelsState(app.client);
  models.list = { models: [modelOf('mt', { proxies: [proxyOf(0.05, proven)] })], broken: [] };
  const queue = new QueueState(app.client, {
    jobsChanged: () => {},
    segmentDone: () => {},
    itemChanged: () => {},
  });
  const requests = new VariantRequests(app.client, () => app.jobs);
  const player = new PlayerState();
  const compare = new CompareState({ item, models, queue, player, requests, random });
  return { app, item, queue, player, compare, detail };
}

const shown = (compare: CompareState) => compare.listed.map(({ unit }) => unit.index);
const here = (compare: CompareState) => compare.current?.unit.index;

test('only the units that differ are shown, and counted with those that are reviewed', async () => {
  const { compare } = await compared();
  expect(shown(compare)).toEqual([1, 3]);
  expect(compare.counts).toEqual({ units: 5, compared: 5, differing: 2, reviewed: 0 });
  compare.setFilter('all');
  expect(shown(compare)).toEqual([0, 1, 2, 3, 4]);
});

test('moving goes over the list as it is filtered and stops at its ends', async () => {
  const { compare } = await compared();
  const steps = ([1, 1, 1, -1, -1, -1] as const).map((step) => {
    compare.move(step);
    return here(compare);
  });
  expect(steps).toEqual([3, 3, 3, 1, 1, 1]);
});

test('a filter that hides the current unit goes to the next one that is shown', async () => {
  const { compare } = await compared();
  compare.setFilter('all');
  compare.goTo(2);
  compare.setFilter('differing');
  expect(here(compare)).toBe(3);
  compare.setFilter('all');
  compare.goTo(4);
  compare.setFilter('differing');
  expect(here(compare)).toBe(3);
});

test('keeping a version makes it the text and goes to the next unit that is not decided', async () => {
  const { compare, item } = await compared();
  const [first, second] = compare.listed;
  if (first === undefined || second === undefined) throw new Error('Two units differ.');
  const keeping = compare.keep(first, 'alternative');
  // At once, so that the next key is for the next unit.
  expect(here(compare)).toBe(3);
  await keeping;
  expect(item.unit(1)).toMatchObject({ text: 'differs 1', chosenAlpha: 0.05, reviewed: true });
  await compare.keep(second, 'plain');
  expect(item.unit(3)).toMatchObject({ text: 'same', chosenAlpha: 0, reviewed: true });
  expect([here(compare), compare.counts.reviewed]).toEqual([3, 2]);
});

test('undo gives back what was, goes there, and redo keeps it again', async () => {
  const { compare, item } = await compared();
  const [first] = compare.listed;
  if (first === undefined) throw new Error('A unit differs.');
  await compare.keep(first, 'alternative');
  await compare.undo();
  expect([here(compare), item.unit(1)?.reviewed, item.unit(1)?.text]).toEqual([1, false, 'same']);
  compare.goTo(3);
  await compare.redo();
  expect([here(compare), item.unit(1)?.text]).toEqual([1, 'differs 1']);
});

test('a choice that cannot be stored leaves the cursor where it was made', async () => {
  const { app, compare, item } = await compared();
  app.full = true;
  const [first] = compare.listed;
  if (first !== undefined) await compare.keep(first, 'alternative');
  expect([here(compare), item.problem?.code]).toEqual([1, 'DISK_FULL']);
});

test('a correction belongs to its version: another one hides it, and says so', async () => {
  const { compare, item } = await compared();
  const pair = () => compare.pairs[1] ?? compare.pairs[0];
  const unit = () => item.unit(1) ?? unitOf(1, {});
  const at = pair();
  if (at === undefined) throw new Error('There are units.');
  compare.startEditing(at);
  if (compare.editing !== null) compare.editing.draft = ' mine ';
  await compare.saveEditing();
  expect([unit().text, unit().correction?.alpha, compare.editing]).toEqual(['mine', 0, null]);
  expect(compare.hidesCorrection(unit())).toBe(false);
  await compare.keep(pair() ?? at, 'alternative');
  expect([unit().text, compare.hidesCorrection(unit())]).toEqual(['differs 1', true]);
  await compare.undo();
  expect([unit().text, compare.hidesCorrection(unit())]).toEqual(['mine', false]);
});

test('a correction that cannot be stored stays in its field', async () => {
  const { app, compare } = await compared();
  const [first] = compare.listed;
  if (first !== undefined) compare.startEditing(first);
  if (compare.editing !== null) compare.editing.draft = 'mine';
  app.full = true;
  await compare.saveEditing();
  expect(compare.editing?.draft).toBe('mine');
  compare.cancelEditing();
  expect(compare.editing).toBeNull();
});

test('a proxy without a proven gain starts off, with everything to be read', async () => {
  const plain = [0, 1].map((index) => unitOf(index, { 0: 'same' }));
  const { compare } = await compared({ units: plain, proven: false, alphas: [0] });
  expect([compare.alpha, compare.stop?.name, shown(compare)]).toEqual([0, 'off', [0, 1]]);
});

test('a strength that is not computed shows all units and asks for what is looked at', async () => {
  const { app, compare } = await compared();
  compare.showing([1, 3]);
  expect(app.again).toEqual([]);
  compare.setStrength(0.1);
  expect(shown(compare)).toEqual([0, 1, 2, 3, 4]);
  expect([here(compare), compare.missing]).toEqual([1, 5]);
  await vi.waitFor(() => expect(app.again).toHaveLength(2));
  expect(app.again.map((asked) => asked.type === 'variants' && asked.work)).toMatchObject([
    { alphas: [0.025, 0.1, 0.15], units: [1] },
    { alphas: [0.1], units: [3] },
  ]);
  compare.showing([3, 4]);
  await vi.waitFor(() => expect(app.again).toHaveLength(3));
  expect(app.again[2]).toMatchObject({ work: { units: [4] } });
});

test('back at a strength that every unit has, the filter of before holds again', async () => {
  const { compare } = await compared();
  compare.setStrength(0.1);
  compare.setStrength(0.05);
  expect([compare.filter, shown(compare)]).toEqual(['differing', [1, 3]]);
});

test('a free α is computed alone, and no number is refused', async () => {
  const { app, compare } = await compared();
  expect([compare.tryAlpha('x'), compare.alphaProblem?.code]).toEqual([false, 'ALPHA_NOT_FINITE']);
  expect([compare.tryAlpha('0,07'), compare.alphaProblem]).toEqual([true, null]);
  expect([compare.alpha, compare.stop]).toEqual([0.07, null]);
  await vi.waitFor(() => expect(app.again[0]).toMatchObject({ work: { alphas: [0.07] } }));
});

test('hidden names: a unit is revealed by its choice, and the tally counts it', async () => {
  const { compare, item } = await compared({ random: () => 0.9 });
  compare.setBlind(true);
  const pair = () => compare.pairs[1] ?? compare.pairs[0];
  const before = pair();
  if (before === undefined) throw new Error('There are units.');
  expect([compare.hides(before), compare.sideOf(before, 'left')]).toEqual([true, 'alternative']);
  // Equal versions have nothing to hide.
  expect(compare.pairs.map((each) => compare.hides(each))).toEqual([
    false,
    true,
    false,
    true,
    false,
  ]);
  await compare.keep(before, compare.sideOf(before, 'left'));
  const after = pair() ?? before;
  expect([item.unit(1)?.chosenAlpha, compare.hides(after)]).toEqual([0.05, false]);
  expect(compare.tally).toEqual({ plain: 0, alternative: 1 });
  await compare.undo();
  expect([compare.hides(pair() ?? before), compare.tally]).toEqual([
    true,
    { plain: 0, alternative: 0 },
  ]);
  compare.setBlind(false);
  expect([compare.tally, compare.sideOf(before, 'left')]).toEqual([null, 'plain']);
});

test('nothing can be corrected while names are hidden, which would tell them', async () => {
  const { compare } = await compared();
  compare.setBlind(true);
  const [first] = compare.listed;
  if (first !== undefined) compare.startEditing(first);
  expect(compare.editing).toBeNull();
});

test('the text of a unit that is being decoded can be read beside its alternative', async () => {
  const { compare, queue, detail } = await compared();
  const runId = detail.runs[0]?.id ?? '';
  const settings = { ...jobOf().settings, alphas: [0, 0.05] };
  const job = jobOf({ runId, settings });
  queue.jobs = [job];
  queue.partials = { [job.id]: { runId, index: 5, texts: ['as pl', 'as al'] } };
  expect(compare.growing).toEqual({ index: 5, plain: 'as pl', alternative: 'as al' });
  queue.partials = { [job.id]: { runId, index: 4, texts: ['as pl', 'as al'] } };
  expect(compare.growing).toBeNull();
});

test('the audio of a unit is played once it is ready, and a sentence has none', async () => {
  const spoken = { ...unitOf(0, { 0: 'a', 0.05: 'b' }), start: 2, end: 4 };
  const { compare, item, player } = await compared({ units: [spoken] });
  compare.play(spoken);
  item.playbackUrl = 'playback';
  compare.play(unitOf(1, { 0: 'a' }));
  expect(player.paused).toBe(true);
  compare.play(spoken);
  expect([player.paused, player.time]).toEqual([false, 2]);
});

test('switching to a computed strength is quick for a recording of four hours', async () => {
  const long = Array.from({ length: 2400 }, (_, index) => {
    const text = `${'word '.repeat(60)}${index}`;
    const alphas = [0, 0.025, 0.05, 0.1, 0.2];
    return unitOf(
      index,
      Object.fromEntries(alphas.map((alpha) => [alpha, index % 9 === 0 ? text + alpha : text])),
    );
  });
  const { compare } = await compared({ units: long, alphas: [0, 0.025, 0.05, 0.1, 0.2] });
  const times = [0.025, 0.1, 0.2, 0.05, 0.1, 0.025].map((alpha) => {
    const start = performance.now();
    compare.setStrength(alpha);
    void [compare.listed, compare.counts, compare.current];
    return performance.now() - start;
  });
  expect(compare.counts.differing).toBe(267);
  expect(Math.min(...times)).toBeLessThan(25);
});
