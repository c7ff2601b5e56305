/** Reads the reference values of e2e/fixtures/metrics for the tests of this room. */

import { readFileSync } from 'node:fs';
import { z } from 'zod';

const score = z.number();
const texts = z.array(z.string());

const sacrebleuSchema = z.object({
  sentences: z.array(
    z.object({
      hypothesis: z.string(),
      references: texts,
      chrf: score,
      chrfPlusPlus: score,
      bleu: score,
      correct: z.array(z.int()),
      total: z.array(z.int()),
      hypothesisLength: z.int(),
      referenceLength: z.int(),
      sentenceBleu: score,
      tokens: z.string(),
    }),
  ),
  corpora: z.array(
    z.object({
      hypotheses: texts,
      references: z.array(texts),
      chrf: score,
      chrfPlusPlus: score,
      bleu: score,
    }),
  ),
});

const countsSchema = z.object({
  rate: z.number(),
  hits: z.int(),
  substitutions: z.int(),
  deletions: z.int(),
  insertions: z.int(),
});
const jiwerCase = z.object({
  references: texts,
  hypotheses: texts,
  words: countsSchema,
  characters: countsSchema,
});
const jiwerSchema = z.object({ sentences: z.array(jiwerCase), corpora: z.array(jiwerCase) });

const numbers = z.array(z.number());
const statisticsSchema = z.object({
  correlations: z.array(
    z.object({ x: numbers, y: numbers, pearson: z.number(), spearman: z.number() }),
  ),
  quantiles: z.array(z.object({ values: numbers, share: z.number(), quantile: z.number() })),
});

export const sacrebleu = sacrebleuSchema.parse(read('sacrebleu.json'));
export const jiwer = jiwerSchema.parse(read('jiwer.json'));
export const statistics = statisticsSchema.parse(read('statistics.json'));

function read(name: string): unknown {
  const folder = new URL('../../e2e/fixtures/metrics/', import.meta.url);
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
}
