/** The numbers of one model from what was written on dev and on test. */

import type { ProxyManifest } from '../../../src-main/contract/model-layout.ts';
import { pearson, spearman } from '../../../src-main/evaluation/correlation.ts';
import { errorKinds, metricOf, proxyTarget, type Scored } from '../metrics.ts';
import { choiceKey, POOLS, type Pool, RULES } from './candidate-choice.ts';
import type { DecodedInput } from './decode-inputs.ts';
import { DOMAINS, type Domain } from './evaluation-sets.ts';
import { type Bootstrap, gainOf, rounded, scoreOf } from './gains.ts';
import { randomSeeds, SMALL_STEPS } from './plans.ts';
import type { Cell, DomainSummary, SubjectResults } from './results-file.ts';
import { SEARCHES, type SearchName } from './searches.ts';
import { keyOf, PLAIN, type Variant } from './variants.ts';

export interface SummaryOptions {
  readonly metric: ProxyManifest['metric'];
  readonly bootstrap: Bootstrap;
}

export function sweepOf(
  inputs: readonly DecodedInput[],
  domain: Domain,
  alphas: readonly number[],
  { seed, metric: name, bootstrap }: SummaryOptions & { readonly seed: number },
): SubjectResults['dev']['shifted'] {
  const metric = metricOf(name);
  const own = inputs.filter((input) => input.domain === domain);
  const gain = (variant: Variant) =>
    gainOf(metric, [textsOf(own, 'greedy', PLAIN)], [textsOf(own, 'greedy', variant)], bootstrap);
  const control = (variant: Variant) => (domain === 'shifted' ? gain(variant) : null);
  return alphas.map((alpha) => {
    const changes = own.map(({ predicted }) => {
      const [before = 0, after = 0] = [PLAIN, { kind: 'gradient', alpha } as const].map(
        (variant) => predicted[keyOf(variant)],
      );
      return name === 'wer' ? 100 * (before - after) : after - before;
    });
    return {
      alpha,
      gradient: gain({ kind: 'gradient', alpha }),
      flipped: control({ kind: 'sign flipped', alpha }),
      random: control({ kind: 'random', alpha, seed }),
      predicted: rounded(
        changes.reduce((sum, change) => sum + change, 0) / Math.max(1, changes.length),
      ),
    };
  });
}

/** Several small steps, the gradient taken anew before each, against one. */
export function smallStepsOf(
  inputs: readonly DecodedInput[],
  { alpha, metric: name, bootstrap }: SummaryOptions & { readonly alpha: number },
): SubjectResults['dev']['smallSteps'] {
  return DOMAINS.flatMap((domain) => {
    const own = inputs.filter((input) => input.domain === domain);
    const one = textsOf(own, 'greedy', { kind: 'gradient', alpha });
    return SMALL_STEPS.map((steps) => {
      const several = textsOf(own, 'greedy', { kind: 'gradient', alpha, steps });
      return { steps, domain, overOne: gainOf(metricOf(name), [one], [several], bootstrap) };
    });
  });
}

/** One cell for every domain, condition (and all) and search. */
export function cellsOf(
  inputs: readonly DecodedInput[],
  {
    alpha,
    seed,
    metric: name,
    bootstrap,
  }: SummaryOptions & { readonly alpha: number; readonly seed: number },
): readonly Cell[] {
  const metric = metricOf(name);
  return groupsOf(inputs).flatMap(({ domain, condition, own }) =>
    SEARCHES.map((search): Cell => {
      const written = (variant: Variant) => textsOf(own, search, variant);
      const plain = written(PLAIN);
      const perturbed = written({ kind: 'gradient', alpha });
      const controlled = domain === 'shifted';
      const flipped = controlled ? [written({ kind: 'sign flipped', alpha })] : [];
      const random = controlled
        ? randomSeeds(search, seed).map((one) => written({ kind: 'random', alpha, seed: one }))
        : [];
      const gain = (from: readonly (readonly Scored[])[], to: readonly (readonly Scored[])[]) =>
        from.length > 0 && to.length > 0
          ? gainOf(metric, copies(from, to.length), copies(to, from.length), bootstrap)
          : null;
      return {
        domain,
        condition,
        search,
        items: own.length,
        plain: scoreOf(metric, plain),
        perturbed: scoreOf(metric, perturbed),
        gain: gainOf(metric, [plain], [perturbed], bootstrap),
        flipped: gain([plain], flipped),
        random: gain([plain], random),
        randomSeeds: random.map(
          (texts) => gainOf(metric, [plain], [texts], { ...bootstrap, resamples: 1 })[0],
        ),
        overFlipped: gain(flipped, [perturbed]),
        overRandom: gain(random, [perturbed]),
        errors: name === 'wer' ? [kindsOf(plain), kindsOf(perturbed)] : null,
      };
    }),
  );
}

export function choicesOf(
  inputs: readonly DecodedInput[],
  { metric: name, bootstrap }: SummaryOptions,
): SubjectResults['test']['choices'] {
  const metric = metricOf(name);
  return DOMAINS.flatMap((domain) => {
    const own = inputs.filter((input) => input.domain === domain);
    const plain = textsOf(own, 'greedy', PLAIN);
    const beams = textsOf(own, '4 beams', PLAIN);
    return POOLS.flatMap((pool) =>
      RULES.map((rule) => {
        const chosen = (from: Pool) =>
          own.map(({ chosen: texts, references }) => ({
            text: texts[choiceKey(from, rule)] ?? '',
            references,
          }));
        const gain = (from: readonly Scored[]) => gainOf(metric, [from], [chosen(pool)], bootstrap);
        const random = RANDOM_TWIN[pool];
        return {
          domain,
          pool,
          rule,
          overPlain: gain(plain),
          overBeams: gain(beams),
          overRandom: random === undefined ? null : gain(chosen(random)),
        };
      }),
    );
  });
}

/** One domain as a whole, greedy. */
export function domainSummary(
  inputs: readonly DecodedInput[],
  domain: Domain,
  { alpha, metric: name, bootstrap }: SummaryOptions & { readonly alpha: number },
): DomainSummary {
  const own = inputs.filter((input) => input.domain === domain);
  const metric = metricOf(name);
  const plain = textsOf(own, 'greedy', PLAIN);
  const moved = textsOf(own, 'greedy', { kind: 'gradient', alpha });
  const [whole] = correlationsOf(own, name);
  return {
    items: own.length,
    plain: scoreOf(metric, plain),
    gain: gainOf(metric, [plain], [moved], bootstrap),
    pearson: whole?.pearson ?? 0,
    spearman: whole?.spearman ?? 0,
  };
}

/** How well the proxy predicts the metric of the plain greedy output. */
export function correlationsOf(
  inputs: readonly DecodedInput[],
  metric: ProxyManifest['metric'],
): SubjectResults['test']['correlations'] {
  return groupsOf(inputs).map(({ domain, condition, own }) => {
    const predicted = own.map((input) => input.predicted[keyOf(PLAIN)] ?? Number.NaN);
    const real = textsOf(own, 'greedy', PLAIN).map((scored) => proxyTarget(metric, scored));
    return {
      domain,
      condition,
      items: own.length,
      pearson: defined(pearson(predicted, real)),
      spearman: defined(spearman(predicted, real)),
    };
  });
}

function textsOf(
  inputs: readonly DecodedInput[],
  search: SearchName,
  variant: Variant,
): readonly Scored[] {
  return inputs.map(({ texts, references }) => {
    const text = texts[search]?.[keyOf(variant)];
    if (text === undefined) throw new Error(`"${keyOf(variant)}" was not decoded with ${search}.`);
    return { text, references };
  });
}

const RANDOM_TWIN: Readonly<Partial<Record<Pool, Pool>>> = {
  steps: 'random steps',
  'step × 2 beams': 'random × 2 beams',
};

/** Every domain as a whole, and each of its conditions. */
function groupsOf(inputs: readonly DecodedInput[]) {
  return DOMAINS.flatMap((domain) => {
    const all = inputs.filter((input) => input.domain === domain);
    const conditions = [...new Set(all.map(({ condition }) => condition))].sort();
    return [
      { domain, condition: 'all', own: all },
      ...conditions.map((condition) => {
        return { domain, condition, own: all.filter((input) => input.condition === condition) };
      }),
    ].filter(({ own }) => own.length > 0);
  });
}

/** As many lists on both sides, so that their sums are of equal weight. */
function copies<T>(lists: readonly T[], times: number): readonly T[] {
  return Array.from({ length: times }, () => lists).flat();
}

function defined(value: number): number | null {
  return Number.isNaN(value) ? null : rounded(value);
}

function kindsOf(texts: readonly Scored[]): [number, number, number] {
  const [substitutions, deletions, insertions] = errorKinds(texts);
  return [rounded(substitutions), rounded(deletions), rounded(insertions)];
}
