/** The encoder outputs that are decoded for one input: as it is, along the gradient, and the controls. */

import type { Encoded } from '../../../src-main/engine/models/model.ts';
import type { PerturbationProxy } from '../../../src-main/engine/perturbation/proxy.ts';
import { namedRandom } from '../../../src-main/engine/perturbation/training/named-random.ts';
import { moveAlong } from '../directions.ts';

export type Variant =
  | { readonly kind: 'plain' }
  /** Steps: small ones that it is made in; left out, as the proxy says. */
  | { readonly kind: 'gradient'; readonly alpha: number; readonly steps?: number }
  | { readonly kind: 'sign flipped'; readonly alpha: number }
  | { readonly kind: 'random'; readonly alpha: number; readonly seed: number };

export const PLAIN: Variant = { kind: 'plain' };

/** Equal variants have equal keys. */
export function keyOf(variant: Variant): string {
  if (variant.kind === 'plain') return 'plain';
  const seed = variant.kind === 'random' ? ` ${variant.seed}` : '';
  const steps =
    variant.kind === 'gradient' && variant.steps !== undefined ? ` in ${variant.steps}` : '';
  return `${variant.kind} ${variant.alpha}${seed}${steps}`;
}

/**
 * @param plain encoder outputs of a batch
 * @param names of its inputs: they and a seed give the random direction, whatever else is in the batch
 * @returns as many rows as `plain`
 */
export async function moved(
  variant: Variant,
  plain: Encoded,
  { proxy, names }: { readonly proxy: PerturbationProxy; readonly names: readonly string[] },
): Promise<Encoded> {
  if (variant.kind === 'plain') return plain;
  const seed = variant.kind === 'random' ? variant.seed : 0;
  return moveAlong(variant.kind, plain, {
    proxy,
    alphas: [variant.alpha],
    ...(variant.kind === 'gradient' && variant.steps !== undefined && { steps: variant.steps }),
    randomOf: (b) => namedRandom(seed, names[b] ?? ''),
  });
}
