/** The sets on which perturbation is measured. */

import { expect, test } from 'vitest';
import { DIRECTIONS } from '../../dev-inputs.ts';
import { DOMAINS, SPLITS, speechInputs, translationInputs } from './evaluation-sets.ts';

const ALL = Number.POSITIVE_INFINITY;

/** 400 as they are, the rest shifted: the split holds no more that were never used before. */
const TEST_ITEMS = { 'en-de': 1200, 'de-en': 1131 } as const;

test('no sentence of test is in dev, however it was shifted', async () => {
  const letters = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  for (const direction of DIRECTIONS) {
    const [dev, testing] = await Promise.all(
      SPLITS.map((split) => translationInputs(split, direction, ALL)),
    );
    const references = new Set(dev?.flatMap((input) => input.references.map(letters)));
    const shared = testing?.filter((input) =>
      input.references.some((text) => references.has(letters(text))),
    );
    expect(shared).toEqual([]);
    expect(new Set(testing?.map(({ name }) => name)).size).toBe(testing?.length);
    expect(testing?.length).toBe(TEST_ITEMS[direction]);
  }
});

test.each(SPLITS)(
  '%s has both domains of speech, and no more of a condition than asked',
  async (split) => {
    const inputs = await speechInputs(split, 2);
    for (const domain of DOMAINS) {
      expect(inputs.filter((input) => input.domain === domain).length).toBeGreaterThanOrEqual(4);
    }
    const conditions = inputs.map(({ condition }) => condition);
    expect(new Set(conditions)).toEqual(
      new Set(['noise', 'telephone', 'fast', 'unseen-noise', 'unseen', 'known', 'digits']),
    );
    expect(conditions).toHaveLength(14);
    expect(inputs.every(({ input }) => input.length > 3000)).toBe(true);
  },
);
