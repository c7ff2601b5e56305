/**
 * Every family with tiny random weights gives what the Python library gives: ids and scores of greedy
 * search and of four beams on 20 inputs, stored by e2e/fixtures/families/make-folders.py.
 */

import { describe, expect, test } from 'vitest';
import { GREEDY, type Search } from '../../contract/search.ts';
import { averageLogProbability } from '../decoding/hypothesis.ts';
import type { LoadedModel } from './model.ts';
import { decodeInputs, loadFamily, type Reference, readReference } from './test-families.ts';

const FOLDERS = [
  't5',
  'mt5',
  't5gemma',
  'marian',
  'marian-many',
  'm2m100',
  'nllb',
  'bart',
  'mbart50',
  'moonshine',
  'moonshine-masked',
  'whisper-multilingual',
  'whisper-turbo',
] as const;

const { strategy: _, ...RULES } = GREEDY;
const BEAMS: Search = {
  strategy: 'beam',
  beams: 4,
  lengthPenalty: 1,
  earlyStopping: false,
  returnSequences: 1,
  ...RULES,
};

/** Differences of scores by rounding are smaller. */
const CLOSE = 1e-4;

async function expectParity(
  model: LoadedModel,
  reference: Reference,
  theirs: Reference['greedy'],
  search: Search,
): Promise<void> {
  const mine = await decodeInputs(model, reference, search);
  expect(mine.map(({ tokenIds }) => tokenIds)).toEqual(theirs.map(({ ids }) => ids));
  const gaps = theirs.map(({ score }, i) => {
    const hypothesis = mine[i];
    return hypothesis ? Math.abs(averageLogProbability(hypothesis) - score) : Number.NaN;
  });
  expect(Math.max(...gaps)).toBeLessThan(CLOSE);
}

describe.each(FOLDERS)('%s', (name) => {
  test('gives the ids and scores of the Python library', async () => {
    const reference = await readReference(name);
    const model = await loadFamily(name, reference);
    for (const input of reference.inputs) {
      if (!('text' in input) || model.task !== 'translate') continue;
      const { input_ids: ids } = model.prepare([input.text]).feeds;
      expect([...(ids?.data ?? [])].map(Number)).toEqual(input.inputIds);
    }
    await expectParity(model, reference, reference.greedy, GREEDY);
    await expectParity(model, reference, reference.beams, BEAMS);
    await model.dispose();
  });
});
