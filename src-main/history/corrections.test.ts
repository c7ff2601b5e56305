import { expect, test } from 'vitest';
import type { UnitChange } from '../contract/history.ts';
import { addItem, query, testHistory } from './test-history.ts';
import { makeSegment } from './test-history-data.ts';

const choose = (index: number, alpha: number | null): UnitChange => ({
  type: 'choose',
  index,
  alpha,
});
const correct = (index: number, alpha: number, text: string | null): UnitChange => ({
  type: 'correct',
  index,
  alpha,
  text,
});

async function openRun() {
  const history = await testHistory();
  const { id, itemId, runId } = addItem(history);
  const segment = makeSegment(0, { 0: 'plain text', 0.05: 'nudged text' });
  history.jobs.commitSegment(id, segment, { done: 1, total: 1 });
  return { history, id, itemId, runId, segment };
}

test('a segment is its plain output until another version is chosen', async () => {
  const { history, runId } = await openRun();
  expect(history.segments(runId, 0, 10)).toMatchObject([
    {
      chosenAlpha: 0,
      reviewed: false,
      text: 'plain text',
      correction: null,
      reference: null,
      index: 0,
      start: 0,
    },
  ]);
  expect(history.change(runId, [choose(0, 0.05)])).toMatchObject([
    { chosenAlpha: 0.05, reviewed: true, text: 'nudged text' },
  ]);
  expect(history.change(runId, [choose(0, null)])).toMatchObject([
    { chosenAlpha: 0, reviewed: false, text: 'plain text' },
  ]);
});

test('what the program chose is the text until a person keeps another version', async () => {
  const history = await testHistory();
  const { id, itemId, runId } = addItem(history);
  const segment = makeSegment(0, { 0: 'plain text', 0.05: 'nudged text', 0.1: 'more of it' });
  history.jobs.commitSegment(id, { ...segment, chosenAlpha: 0.05 }, { done: 1, total: 1 });
  const automatic = { chosenAlpha: 0.05, reviewed: false, text: 'nudged text' };
  expect(history.segments(runId, 0, 10)).toMatchObject([automatic]);
  expect(history.item(itemId).excerpt).toBe('nudged text');
  expect(history.change(runId, [choose(0, 0)])).toMatchObject([
    { chosenAlpha: 0, reviewed: true, text: 'plain text' },
  ]);
  expect(history.change(runId, [choose(0, null)])).toMatchObject([automatic]);
  // Versions that come later are no reason to choose again.
  history.jobs.commitSegment(id, makeSegment(0, { 0.2: 'most of it' }), { done: 1, total: 1 });
  expect(history.segments(runId, 0, 10)).toMatchObject([automatic]);
});

test('a correction stands beside the output; taking it back shows the one before', async () => {
  const { history, runId, segment } = await openRun();
  const after = (text: string | null) => history.change(runId, [correct(0, 0, text)])[0];
  after('first try');
  expect(after('second try')).toMatchObject({
    text: 'second try',
    reviewed: true,
    correction: { alpha: 0, text: 'second try', createdAt: 1000 },
  });
  expect(history.jobs.segment(runId, 0)).toEqual(segment);
  expect(after('second try')?.text).toBe('second try');
  expect(after(null)?.text).toBe('first try');
  expect(after(null)).toMatchObject({ text: 'plain text', correction: null });
  expect(after(null)?.text).toBe('plain text');
});

test('each version has its own corrections, and search follows the text as it stands', async () => {
  const { history, runId } = await openRun();
  const hits = (text: string) => history.list(query(text)).total;
  history.change(runId, [correct(0, 0.05, 'mended words')]);
  expect([hits('mended'), hits('plain')]).toEqual([0, 1]);
  expect(history.change(runId, [choose(0, 0.05)])[0]?.text).toBe('mended words');
  expect([hits('mended'), hits('plain')]).toEqual([1, 0]);
});

test('plain output that comes after another α becomes the text, unless a person decided', async () => {
  const history = await testHistory();
  const { id, runId } = addItem(history);
  const commit = (index: number, texts: Record<number, string>) =>
    history.jobs.commitSegment(id, makeSegment(index, texts), { done: 1, total: null });
  for (const index of [0, 1, 2, 3]) commit(index, { 0.1: 'nudged', 0.05: 'less' });
  history.change(runId, [choose(1, 0.1), correct(2, 0.1, 'mended'), choose(3, 0.05)]);
  // As nobody had chosen: the version that the unit was stored with.
  expect(history.change(runId, [choose(3, null)])[0]).toMatchObject({ chosenAlpha: 0.1 });
  for (const index of [0, 1, 2, 3]) commit(index, { 0: 'plain' });
  expect(history.segments(runId, 0, 4).map(({ text }) => text)).toEqual([
    'plain',
    'nudged',
    'mended',
    'plain',
  ]);
});

test('text with HTML is stored as it is', async () => {
  const { history, runId } = await openRun();
  const text = '<img src=x onerror="alert(1)">\u0000\r\n&amp; “ß” 👩‍🚀';
  expect(history.change(runId, [correct(0, 0, text)])[0]?.text).toBe(text);
  expect(history.segments(runId, 0, 1)[0]?.text).toBe(text);
});

test('references are kept per unit and for the whole text', async () => {
  const { history, itemId, runId } = await openRun();
  history.setReference(runId, 0, 'said');
  history.setReference(runId, null, 'all that was said');
  expect(history.segments(runId, 0, 1)[0]?.reference).toBe('said');
  expect(history.open(itemId).reference).toBe('all that was said');
  history.setReference(runId, 0, null);
  history.setReference(runId, null, null);
  expect(history.segments(runId, 0, 1)[0]?.reference).toBeNull();
  expect(history.open(itemId).reference).toBeNull();
});

test('a version or a segment that is not there is named', async () => {
  const { history, runId } = await openRun();
  const code = (code: string) => expect.objectContaining({ code });
  const change = (change: UnitChange) => () => history.change(runId, [correct(0, 0, 'x'), change]);
  expect(change(choose(0, 0.3))).toThrow(code('VARIANT_NOT_FOUND'));
  expect(change(correct(0, 0.3, null))).toThrow(code('VARIANT_NOT_FOUND'));
  expect(change(correct(7, 0, 'x'))).toThrow(code('SEGMENT_NOT_FOUND'));
  expect(change(choose(7, null))).toThrow(code('SEGMENT_NOT_FOUND'));
  expect(() => history.change('nothing', [choose(0, 0)])).toThrow(code('RUN_NOT_FOUND'));
  // What came before it was not made either.
  expect(history.segments(runId, 0, 1)[0]).toMatchObject({ text: 'plain text', reviewed: false });
  expect(() => history.setReference(runId, 7, 'x')).toThrow(code('SEGMENT_NOT_FOUND'));
  expect(() => history.segments('nothing', 0, 1)).toThrow(code('RUN_NOT_FOUND'));
});

test('the text as it stands, or one α, comes out as a result', async () => {
  const { history, id, runId } = await openRun();
  history.jobs.commitSegment(id, makeSegment(1, { 0: 'two' }), { done: 2, total: 2 });
  history.change(runId, [correct(0, 0, 'mended')]);
  const texts = (alpha: number | null) =>
    history.result(runId, alpha).segments.map(({ variants }) => variants.map(({ text }) => text));
  expect(texts(null)).toEqual([['mended'], ['two']]);
  expect(texts(0)).toEqual([['plain text'], ['two']]);
  expect(history.result(runId, null).alphas).toEqual([0]);
  expect(() => texts(0.05)).toThrow(expect.objectContaining({ code: 'VARIANT_NOT_FOUND' }));
});

test('what is known of an output beyond its tokens is kept; times go with a correction', async () => {
  const { history, id, runId } = await openRun();
  const quality = {
    temperature: 0.2,
    seed: 0,
    compressionRatio: 1.5,
    noSpeechProbability: null,
    noSpeech: false,
  };
  const timed = { start: 6, end: 7.5, text: 'two' };
  const phrases = [timed];
  const words = [{ ...timed, probability: 0.5 }];
  const segment = makeSegment(1, { 0: 'two' });
  const variants = segment.variants.map((one) => ({ ...one, phrases, words, quality }));
  history.jobs.commitSegment(id, { ...segment, variants }, { done: 2, total: 2 });
  const [plain, detailed] = history.result(runId, null).segments;
  expect(detailed?.variants).toEqual(variants);
  expect(plain?.variants[0]).not.toHaveProperty('quality');
  history.change(runId, [correct(1, 0, 'too')]);
  const [corrected] = history.result(runId, null).segments[1]?.variants ?? [];
  expect(corrected).toMatchObject({ text: 'too', quality });
  expect(corrected).not.toHaveProperty('phrases');
  expect(corrected).not.toHaveProperty('words');
  expect(history.result(runId, 0).segments[1]?.variants).toEqual(variants);
});

test('a run without text gives no result', async () => {
  const history = await testHistory();
  const { runId } = addItem(history);
  expect(() => history.result(runId, null)).toThrow(expect.objectContaining({ code: 'JOB_STATE' }));
});
