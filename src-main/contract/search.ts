/**
 * How the decoder looks for its output. Names and meanings are Hugging Face's
 * (`GenerationConfig` of transformers 5); docs/decoding.md has the formulas. A null takes what the
 * model's generation_config.json says, except where another meaning is given. The strategy is never
 * taken from there.
 */

import { z } from 'zod';

/** More beams than this cost memory and gain nothing. */
export const MOST_BEAMS = 64;

const rulesShape = {
  /** Scores of tokens written before are divided by it, negative ones multiplied; 1 is off. */
  repetitionPenalty: z.number().positive().nullable(),
  /** No n tokens in a row are written twice; 0 is off. */
  noRepeatNgramSize: z.int().nonnegative().nullable(),
  /** Tokens, end-of-text included; no end before. */
  minNewTokens: z.int().nonnegative().nullable(),
  /** Tokens, end-of-text included; the positions of the decoder are a limit too. */
  maxNewTokens: z.int().positive().nullable(),
};

const greedySchema = z.strictObject({ strategy: z.literal('greedy'), ...rulesShape });

const beamSchema = z
  .strictObject({
    strategy: z.literal('beam'),
    beams: z.int().min(2).max(MOST_BEAMS),
    /** p of score = Σ log-probability / length^p; above 0 favours long outputs, below short ones. */
    lengthPenalty: z.number().min(-100).max(100),
    /** When to stop once there are as many finished hypotheses as beams. */
    earlyStopping: z.union([z.boolean(), z.literal('never')]),
    /** Hypotheses to give for every input, the best first. */
    returnSequences: z.int().positive(),
    ...rulesShape,
  })
  .refine(({ beams, returnSequences }) => returnSequences <= beams, {
    error: 'There cannot be more sequences than beams.',
    path: ['returnSequences'],
  });

const sampleSchema = z.strictObject({
  strategy: z.literal('sample'),
  /** Logits are divided by it: below 1 surer, above 1 more varied. */
  temperature: z.number().positive(),
  /** Draw from the k most probable tokens only; null from all. */
  topK: z.int().positive().nullable(),
  /** Draw from the fewest tokens that have this probability together; null from all. */
  topP: z.number().positive().max(1).nullable(),
  /** The same seed gives the same output, whatever else is in the batch. */
  seed: z.int().nonnegative(),
  ...rulesShape,
});

export const searchSchema = z.discriminatedUnion('strategy', [
  greedySchema,
  beamSchema,
  sampleSchema,
]);
export type Search = z.infer<typeof searchSchema>;

/** What runs where nothing is asked for. */
export const GREEDY: Search = {
  strategy: 'greedy',
  repetitionPenalty: null,
  noRepeatNgramSize: null,
  minNewTokens: null,
  maxNewTokens: null,
};
