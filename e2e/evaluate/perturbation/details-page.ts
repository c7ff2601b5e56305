/** docs/results/details.md: the tables behind docs/results.md. */

import { table } from '../../markdown-table.ts';
import { gainCell, signed, withInterval } from './gain-cell.ts';
import type { Results, SubjectResults } from './results-file.ts';
import type { StepCosine } from './true-gradient.ts';

export function detailsPage(
  { command, subjects }: Results,
  cosines: readonly StepCosine[],
): string {
  return `${[
    `# Perturbation: the details

Written by \`${command}\`; do not edit. What the numbers are is said in [the results](../results.md): gains in points, above
zero where the text became better, with 95 % intervals.`,
    conditions(subjects),
    choices(subjects),
    correlations(subjects),
    stepCosines(cosines),
    int8(subjects),
    sweeps(subjects),
  ].join('\n\n')}\n`;
}

function conditions(subjects: readonly SubjectResults[]): string {
  const rates = (errors: readonly number[] | undefined) =>
    errors?.map((rate) => rate.toFixed(1)).join(' / ') ?? '';
  const rows = subjects.flatMap(({ model, test }) =>
    test.cells
      .filter(({ search }) => search === 'greedy')
      .map(({ domain, condition, items, plain, gain, errors }) => [
        `${model}, ${domain}, ${condition}`,
        `${items}`,
        plain.toFixed(2),
        gainCell(gain),
        rates(errors?.[0]),
        rates(errors?.[1]),
      ]),
  );
  return `## Condition by condition, test, greedy

Of speech also substitutions / deletions / insertions per 100 words.

${table(['model, condition', 'inputs', 'plain', 'gain', 'errors plain', 'errors perturbed'], rows)}`;
}

function choices(subjects: readonly SubjectResults[]): string {
  const rows = subjects.flatMap(({ model, test }) =>
    test.choices
      .filter(({ domain }) => domain === 'shifted')
      .map(({ pool, rule, overPlain, overBeams, overRandom }) => {
        const inDomain = test.choices.find(
          (other) => other.domain === 'in-domain' && other.pool === pool && other.rule === rule,
        );
        return [
          `${model}: ${pool}, ${rule}`,
          gainCell(overPlain),
          gainCell(overBeams),
          gainCell(overRandom),
          gainCell(inDomain?.overPlain ?? null),
          gainCell(inDomain?.overBeams ?? null),
        ];
      }),
  );
  const candidates = subjects.map(({ model, test }) => `${model} ${test.candidates.join(', ')}`);
  return `## Choosing one of four candidates, test

Every way costs four decoder rows. *Steps*: α of 0 and three others (${candidates.join('; ')}). *Evidence*: the mean
log-probability of the text under the plain encoder output. *Minimum Bayes risk*: the text most like the others; with
*steps* it is what \`--alpha auto\` does. "Over plain" compares with plain greedy search, "over beams" with the best of 4 plain beams, "over
random" with random steps chosen among in the same way.

${table(
  [
    'model: candidates, rule',
    'shifted, over plain',
    'over beams',
    'over random',
    'in-domain, over plain',
    'over beams',
  ],
  rows,
)}`;
}

function correlations(subjects: readonly SubjectResults[]): string {
  const rows = subjects.flatMap(({ model, test }) =>
    test.correlations.map(({ domain, condition, items, pearson, spearman }) => [
      `${model}, ${domain}, ${condition}`,
      `${items}`,
      pearson === null ? 'not defined' : signed(pearson),
      spearman === null ? 'not defined' : signed(spearman),
    ]),
  );
  return `## How well the proxy predicts, test

Predicted against real metric of the plain greedy text. How well the gradient points is another matter, and comes next.

${table(['model, condition', 'inputs', 'Pearson', 'Spearman'], rows)}`;
}

function stepCosines(cosines: readonly StepCosine[]): string {
  const rows = cosines.map(({ model, condition, items, whole, positions }) => [
    `${model}, ${condition}`,
    `${items}`,
    withInterval(whole, 3),
    withInterval(positions, 3),
  ]);
  return `## Where the step points, dev

Cosine of the proxy's step with the true gradient, ∂ log p(reference) / ∂E: of the whole encoder output of an input as one
vector, and position by position. A random direction has 0.000. Measured in Python, since it goes through the
decoder: \`python -m proxies.true_gradient\` in \`models/training\`.

${table(['model, condition', 'inputs', 'whole', 'by position'], rows)}`;
}

function int8(subjects: readonly SubjectResults[]): string {
  const rows = subjects.flatMap(({ model, int8: { shifted, inDomain } }) =>
    (
      [
        ['shifted', shifted],
        ['in-domain', inDomain],
      ] as const
    ).map(([domain, { items, plain, gain, pearson, spearman }]) => [
      `${model}, ${domain}`,
      `${items}`,
      plain.toFixed(2),
      gainCell(gain),
      signed(pearson),
      signed(spearman),
    ]),
  );
  const head = ['model', 'inputs', 'plain', 'gain', 'Pearson', 'Spearman'];
  return `## The int8 files, test, greedy\n\n${table(head, rows)}`;
}

function sweeps(subjects: readonly SubjectResults[]): string {
  const rows = subjects.flatMap(({ model, dev }) =>
    dev.shifted.map((point, i) => [
      `${model}, ${point.alpha}`,
      gainCell(point.gradient),
      gainCell(point.random),
      gainCell(point.flipped),
      signed(point.predicted),
      gainCell(dev.inDomain[i]?.gradient ?? null),
    ]),
  );
  const items = subjects.map(
    ({ model, dev }) => `${model} ${dev.items.shifted} shifted and ${dev.items.inDomain} in-domain`,
  );
  return `## Step size, dev, greedy

Inputs: ${items.join('; ')}. "Predicted" is what the proxy says its own step gains on shifted inputs: it rises whether or
not the text improves, so nothing is chosen by it.

${table(['model, α', 'shifted', 'random', 'wrong sign', 'predicted', 'in-domain'], rows)}

The suggested α in several small steps, the gradient taken anew before each, against the one step:

${smallSteps(subjects)}`;
}

function smallSteps(subjects: readonly SubjectResults[]): string {
  const rows = subjects.flatMap(({ model, dev }) =>
    dev.smallSteps
      .filter(({ domain }) => domain === 'shifted')
      .map(({ steps, overOne }) => {
        const other = dev.smallSteps.find(
          (one) => one.steps === steps && one.domain === 'in-domain',
        );
        return [`${model}, ${steps} steps`, gainCell(overOne), gainCell(other?.overOne ?? null)];
      }),
  );
  return table(['model, steps', 'shifted', 'in-domain'], rows);
}
