/** What the frozen decoder writes before and after a step. */

import { PerturbationMemory } from '../../src-main/engine/perturbation/perturbation-memory.ts';
import { perturbedDecode } from '../../src-main/engine/pipeline/perturbed-decode.ts';
import { Stopwatch } from '../../src-main/engine/pipeline/stopwatch.ts';
import { Random } from '../../src-main/evaluation/random.ts';
import type { DevInput } from './dev-data.ts';
import { type Direction, moveAlong } from './directions.ts';
import type { Subject } from './subjects.ts';

export interface DecodedTexts {
  readonly condition: string;
  readonly references: readonly string[];
  /** The proxy's prediction for the plain output, in the unit of the manifest. */
  readonly predicted: number;
  readonly plain: string;
  /** [alphas] for every direction. */
  readonly moved: Readonly<Record<Direction, readonly string[]>>;
}

/**
 * Gradient and flipped sign go through the pipeline of the app; it has no random steps.
 *
 * @param alphas above 0
 * @param onBatch called with the number of inputs done
 * @returns one entry per input, in the order of the batches
 * @throws VeerError CANCELLED
 */
export async function decodedTexts<Input>(
  subject: Subject<Input>,
  options: {
    readonly alphas: readonly number[];
    readonly seed: number;
    readonly signal: AbortSignal;
    readonly onBatch: (done: number) => void;
  },
): Promise<readonly DecodedTexts[]> {
  const random = new Random(options.seed);
  const results: DecodedTexts[] = [];
  for (const batch of subject.batches) {
    results.push(...(await decodeBatch(batch, subject, random, options)));
    options.onBatch(results.length);
  }
  return results;
}

async function decodeBatch<Input>(
  batch: readonly DevInput<Input>[],
  { model, proxy }: Subject<Input>,
  random: Random,
  { alphas, signal }: { readonly alphas: readonly number[]; readonly signal: AbortSignal },
): Promise<readonly DecodedTexts[]> {
  const inputs = batch.map(({ input }) => input);
  const plain = await model.encode(model.prepare(inputs));
  const outputs = await perturbedDecode(plain, {
    model,
    proxy,
    alphas: [0, ...alphas, ...alphas.map((alpha) => -alpha)],
    predictPerturbed: false,
    stopwatch: new Stopwatch(),
    memory: new PerturbationMemory(),
    signal,
    onPartial: () => undefined,
  });
  const moved = await moveAlong('random', plain, { proxy, alphas, random });
  const hypotheses = await model.decode(moved, { signal, onStep: undefined });
  const randomTexts = hypotheses.map(({ tokenIds }) => model.text(tokenIds));
  return batch.map(({ condition, references }, b) => {
    const [first = '', ...others] = outputs[b]?.variants.map(({ text }) => text) ?? [];
    return {
      condition,
      references,
      predicted: outputs[b]?.predictedScore ?? Number.NaN,
      plain: first,
      moved: {
        gradient: others.slice(0, alphas.length),
        'sign flipped': others.slice(alphas.length),
        random: randomTexts.slice(b * alphas.length, (b + 1) * alphas.length),
      },
    };
  });
}
