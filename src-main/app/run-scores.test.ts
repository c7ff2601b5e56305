import { expect, test } from 'vitest';
import { runScoresSchema } from '../contract/history.ts';
import { corpusChrf } from '../evaluation/chrf.ts';
import { addItem, testHistory } from '../history/test-history.ts';
import { makeSegment, SETTINGS } from '../history/test-history-data.ts';
import { runScores } from './run-scores.ts';

async function transcript() {
  const history = await testHistory();
  const { id, runId } = addItem(history);
  const add = (index: number, texts: Readonly<Record<number, string>>) =>
    history.jobs.commitSegment(id, makeSegment(index, texts), { done: index, total: null });
  add(0, { 0: 'One, two.', 0.1: 'one three' });
  add(1, { 0: 'four', 0.05: 'for', 0.1: 'Five!' });
  add(2, { 0: 'six' });
  return { history, runId };
}

test('there is no score without a reference, nor without a text', async () => {
  const { history, runId } = await transcript();
  expect(await runScores(history, runId)).toBeNull();
  const empty = addItem(history);
  history.setReference(empty.runId, null, 'said');
  expect(await runScores(history, empty.runId)).toBeNull();
  await expect(runScores(history, 'nothing')).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
});

test('units with a reference are measured as one corpus, words without case and punctuation', async () => {
  const { history, runId } = await transcript();
  history.setReference(runId, 0, 'one two');
  history.setReference(runId, 1, 'Four.');
  history.setReference(runId, null, 'not looked at');
  history.change(runId, [
    { type: 'choose', index: 1, alpha: 0.05 },
    { type: 'correct', index: 0, alpha: 0, text: 'one two three' },
  ]);
  const scores = await runScores(history, runId);
  expect(runScoresSchema.parse(scores)).toEqual({
    metric: 'wer',
    over: 'units',
    units: 2,
    standing: 2 / 3,
    // 0.05 is not there in the first unit.
    versions: [
      { alpha: 0, score: 0 },
      { alpha: 0.1, score: 2 / 3 },
    ],
  });
});

test('else the whole text is measured, and only what every unit has', async () => {
  const { history, runId } = await transcript();
  history.setReference(runId, null, 'one two\nfour six seven');
  expect(await runScores(history, runId)).toEqual({
    metric: 'wer',
    over: 'whole',
    units: 3,
    standing: 1 / 5,
    versions: [{ alpha: 0, score: 1 / 5 }],
  });
});

test('a translation is measured by chrF, as it is written', async () => {
  const history = await testHistory();
  const { id, runId } = addItem(history, { kind: 'text' });
  history.jobs.setSettings(runId, { ...SETTINGS, task: 'translate' });
  const texts = { 0: 'es ist spät.', 0.1: 'Es ist spät.' };
  const segment = { ...makeSegment(0, texts), source: 'It is late.', separator: '\n' };
  history.jobs.commitSegment(id, segment, { done: 1, total: 1 });
  const plain = corpusChrf(['es ist spät.'], [['Es ist spät.']]);
  expect(plain).toBeLessThan(95);
  const expected = {
    metric: 'chrf',
    units: 1,
    standing: plain,
    versions: [
      { alpha: 0, score: plain },
      { alpha: 0.1, score: 100 },
    ],
  };
  history.setReference(runId, null, 'Es ist spät.\n');
  expect(await runScores(history, runId)).toEqual({ ...expected, over: 'whole' });
  history.setReference(runId, 0, 'Es ist spät.');
  expect(await runScores(history, runId)).toEqual({ ...expected, over: 'units' });
});
