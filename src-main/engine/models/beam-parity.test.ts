/**
 * Parity with the Python library: ids of beam search and of the logits processors on the dev inputs,
 * stored by e2e/fixtures/beams/make-reference.py. Where a sequence is not the library's, both must
 * score alike here: a near-tie, which float32 rounding may break either way.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  DIRECTIONS,
  FIXTURES,
  inBatches,
  MODELS_DIRECTORY,
  readSamples,
  speechDev,
  TARGETS,
  translationDev,
} from '../../../e2e/dev-inputs.ts';
import { GREEDY, type Search } from '../../contract/search.ts';
import { averageLogProbability, type Hypothesis } from '../decoding/hypothesis.ts';
import { loadModel } from './factory.ts';
import type { Model } from './model.ts';

/** Difference of two scores below which rounding may decide. */
const NEAR_TIE = 1e-3;
const BATCH = 25;
/** Milliseconds for a model; a quarter of it on two free cores. */
const TIMEOUT = 120_000;
const never = new AbortController().signal;

const caseSchema = z.object({
  model: z.string(),
  direction: z.enum(DIRECTIONS).nullable(),
  case: z.string(),
  options: z.strictObject({
    num_beams: z.int(),
    length_penalty: z.number().default(1),
    early_stopping: z.union([z.boolean(), z.literal('never')]).default(false),
    num_return_sequences: z.int().default(1),
    no_repeat_ngram_size: z.int().nullable().default(null),
    repetition_penalty: z.number().nullable().default(null),
    min_new_tokens: z.int().nullable().default(null),
    max_new_tokens: z.int().nullable().default(null),
  }),
  outputs: z.array(
    z.object({
      input: z.int(),
      ids: z.array(z.array(z.int())).min(1),
      scores: z.array(z.number()).min(1),
    }),
  ),
});
type Case = z.infer<typeof caseSchema>;

const reference = z
  .object({ cases: z.array(caseSchema) })
  .parse(JSON.parse(await readFile(join(FIXTURES, 'beams', 'reference.json'), 'utf8')));

const subjects = Map.groupBy(reference.cases, ({ model, direction }) =>
  direction === null ? model : `${model} ${direction}`,
);

test('there are six subjects, each with 100 inputs for four beams', () => {
  const sizes = [...subjects.values()].map((cases) => cases[0]?.outputs.length);
  expect(sizes).toEqual([100, 100, 100, 100, 100, 100]);
});

test.each([...subjects])(
  '%s gives the ids that the Python library gives',
  async (_, cases) => {
    const { model: id, direction } = cases[0] as Case;
    const model = (await loadModel({
      directory: join(MODELS_DIRECTORY, id),
      dtype: 'fp32',
      device: 'cpu',
      threads: 2,
      language: direction === null ? null : TARGETS[direction],
    })) as Model<unknown>;
    const read = await inputReader(direction);
    for (const stored of cases) {
      // Rows of a batch that end together waste no steps.
      const outputs = stored.outputs.toSorted((a, b) => lengthOf(b) - lengthOf(a));
      const one = { ...stored, outputs };
      expectParity(one, await decodeAll(model, read, one));
    }
    await model.dispose();
  },
  TIMEOUT,
);

function lengthOf({ ids }: Case['outputs'][number]): number {
  return ids[0]?.length ?? 0;
}

async function inputReader(
  direction: Case['direction'],
): Promise<(place: number) => Promise<unknown>> {
  if (direction === null) {
    const utterances = await speechDev();
    return (place) => readSamples(utterances[place]?.path ?? '');
  }
  const pairs = await translationDev(direction);
  return (place) => Promise.resolve(pairs[place]?.source);
}

/** All sequences of every input, the best first. */
async function decodeAll(
  model: Model<unknown>,
  read: (place: number) => Promise<unknown>,
  { outputs, options }: Case,
): Promise<readonly (readonly Hypothesis[])[]> {
  const found: (readonly Hypothesis[])[] = [];
  for (const batch of inBatches(outputs, BATCH)) {
    const inputs = await Promise.all(batch.map(({ input }) => read(input)));
    const encoded = await model.encode(model.prepare(inputs));
    const search = searchOf(options);
    for (const row of await model.decode(encoded, { signal: never, onStep: undefined, search })) {
      found.push([row, ...(row.alternatives ?? [])]);
    }
  }
  return found;
}

function searchOf(options: Case['options']): Search {
  const rules = {
    repetitionPenalty: options.repetition_penalty,
    noRepeatNgramSize: options.no_repeat_ngram_size,
    minNewTokens: options.min_new_tokens,
    maxNewTokens: options.max_new_tokens,
  };
  if (options.num_beams === 1) return { ...GREEDY, ...rules };
  return {
    strategy: 'beam',
    beams: options.num_beams,
    lengthPenalty: options.length_penalty,
    earlyStopping: options.early_stopping,
    returnSequences: options.num_return_sequences,
    ...rules,
  };
}

/** As the library: Σ log-probability / length^p, the mean for greedy search. */
function scoreOf(hypothesis: Hypothesis, { options }: Case): number {
  const length = hypothesis.tokenLogProbabilities.length;
  return averageLogProbability(hypothesis) * length ** (1 - options.length_penalty);
}

function expectParity(one: Case, found: readonly (readonly Hypothesis[])[]): void {
  const pairs = one.outputs.map((theirs, i) => ({ theirs, mine: found[i] ?? [] }));
  const misses = pairs.filter(
    ({ theirs, mine }) =>
      mine.map(({ tokenIds }) => tokenIds.join()).join(' ') !==
      theirs.ids.map((ids) => ids.join()).join(' '),
  );
  const share = 1 - misses.length / pairs.length;
  const name = [one.model, one.direction, one.case].filter((part) => part !== null).join(', ');
  process.stdout.write(`${name}: ${(100 * share).toFixed(1)} % of ${pairs.length} equal\n`);
  const gaps = pairs.map(({ theirs, mine }) =>
    Math.max(
      ...theirs.scores.map((score, i) => {
        const hypothesis = mine[i];
        return hypothesis ? Math.abs(scoreOf(hypothesis, one) - score) : Number.NaN;
      }),
    ),
  );
  for (const { theirs, mine } of misses) {
    const ours = mine.map((hypothesis) => scoreOf(hypothesis, one).toFixed(6));
    process.stdout.write(`  input ${theirs.input}: here ${ours}; there ${theirs.scores}\n`);
  }
  process.stdout.write(`  largest difference of scores ${Math.max(...gaps).toExponential(1)}\n`);
  expect(share).toBeGreaterThanOrEqual(0.99);
  for (const gap of gaps) expect(gap).toBeLessThan(NEAR_TIE);
}
