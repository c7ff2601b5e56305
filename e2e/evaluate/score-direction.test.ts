/**
 * The heart of the method on real models and dev data: a step along the proxy's gradient moves its
 * prediction the good way, the flipped sign the bad way, and a random step of the same length
 * hardly at all. That the real metric follows is another question: see docs/results.md.
 */

import { describe, expect, test } from 'vitest';
import { DIRECTIONS, RECOGNISERS, TRANSLATORS } from '../dev-inputs.ts';
import type { Direction } from './directions.ts';
import {
  type EvaluationInput,
  speechInputs,
  translationInputs,
} from './perturbation/evaluation-sets.ts';
import { improvements, predictedScores, SMALLEST_GATE } from './predicted-scores.ts';
import { type Subject, speechSubject, translationSubject } from './subjects.ts';

/** Small enough for the first-order change to rule. */
const SMALL_ALPHA = 0.02;
const SEED = 20_240_501;
/** Milliseconds; about ten seconds of work on two free cores. */
const TIMEOUT = 300_000;

/** Predictions at a small and at the suggested α. */
function scored<Input extends { readonly length: number }>(
  load: () => Promise<Subject<Input>>,
  inputs: () => Promise<readonly EvaluationInput<Input>[]>,
) {
  return async () => {
    await using subject = await load();
    const { manifest } = subject.proxy;
    const suggested = manifest.encoders.fp32?.suggestedAlpha ?? 0;
    const alphas = [SMALL_ALPHA, suggested].filter((alpha) => alpha > 0);
    const all = await predictedScores(subject, await inputs(), { alphas, seed: SEED });
    return { manifest, alphas, all };
  };
}

describe.each([
  ...RECOGNISERS.map((id) => ({
    id,
    data: 'speech',
    score: scored(
      () => speechSubject(id, 'fp32'),
      () => speechInputs('dev', 36),
    ),
  })),
  ...TRANSLATORS.flatMap((id) =>
    DIRECTIONS.map((direction) => ({
      id,
      data: direction,
      score: scored(
        () => translationSubject(id, 'fp32', direction),
        () => translationInputs('dev', direction, 180),
      ),
    })),
  ),
])('what the proxy of $id predicts, $data,', ({ score }) => {
  test(
    'follows the gradient, flees the flipped sign, ignores random steps',
    async () => {
      const { all, manifest, alphas } = await score();
      expect(all.length).toBeGreaterThanOrEqual(150);
      const inputs = all.filter(({ gate }) => gate >= SMALLEST_GATE);
      expect(inputs.length).toBeGreaterThanOrEqual(75);

      const along = (direction: Direction, a: number) => {
        const changes = improvements(inputs, direction, a, manifest);
        return {
          betterShare: changes.filter((change) => change > 0).length / changes.length,
          worseShare: changes.filter((change) => change < 0).length / changes.length,
          mean: changes.reduce((sum, change) => sum + change, 0) / changes.length,
        };
      };
      for (const a of alphas.keys()) {
        const gradient = along('gradient', a);
        expect(gradient.betterShare).toBeGreaterThanOrEqual(0.95);
        expect(along('sign flipped', a).mean).toBeLessThan(0);
        expect(Math.abs(along('random', a).mean)).toBeLessThan(0.1 * gradient.mean);
      }
      // Longer steps away from the gradient may pass a peak and come down again, and longer random
      // steps have a drift of their own.
      expect(along('sign flipped', 0).worseShare).toBeGreaterThanOrEqual(0.95);
      const fiveDeviations = (5 * 0.5) / Math.sqrt(inputs.length);
      expect(Math.abs(along('random', 0).betterShare - 0.5)).toBeLessThan(fiveDeviations);
    },
    TIMEOUT,
  );
});
