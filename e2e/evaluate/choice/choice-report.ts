/** docs/automatic-alpha.md, as text. */

import type { ProxyManifest } from '../../../src-main/contract/model-layout.ts';
import { difference, metricsOf, type Scored, scoreOf } from '../metrics.ts';
import { type Bootstrap, interval, table } from '../report-tables.ts';
import type { ChosenTexts, System } from './candidate-sets.ts';

/** One model on one task and direction. */
export interface ChoiceEvaluation {
  readonly title: string;
  readonly metric: ProxyManifest['metric'];
  /** The suggested one first. */
  readonly alphas: readonly number[];
  readonly inputs: readonly ChosenTexts[];
}

export interface ChoiceSettings {
  readonly command: string;
  readonly set: 'dev' | 'test';
  readonly randomSeed: number;
  readonly bootstrap: Bootstrap;
}

const COMPARED: readonly System[] = ['suggested α', 'automatic α', 'random steps', 'beams'];

export function choiceReport(
  evaluations: readonly ChoiceEvaluation[],
  settings: ChoiceSettings,
): string {
  const sections = evaluations.map((evaluation) => section(evaluation, settings));
  return `${[introduction(evaluations, settings), ...sections].join('\n\n')}\n`;
}

function introduction(
  evaluations: readonly ChoiceEvaluation[],
  { command, set, randomSeed, bootstrap }: ChoiceSettings,
): string {
  const rows = (evaluations[0]?.alphas.length ?? 0) + 1;
  return `# Automatic α on ${set} data

Written by \`${command}\`; do not edit. Every input is decoded at several α, and the output that the frozen
decoder finds most probable given the **plain** encoder output is kept (mean log-probability of its tokens;
\`src-main/engine/pipeline/choose-alpha.ts\`). The proxy's own score takes no part.

The baselines have as many decoder rows (${rows} per input): random steps of the same length at every position,
judged by the same evidence, and beam search with ${rows} beams.

- Rule and α are those of the product; nothing was chosen on ${set === 'test' ? 'these inputs' : 'test data'}.
- Intervals are 95 %, paired bootstrap over inputs (${bootstrap.resamples} draws, seed ${bootstrap.seed}). With so many cells some leave
  zero by chance.
- Random steps: seed ${randomSeed}. Greedy search but for the beams; fp32 on the CPU.
- Points of 100; WER is better when lower, chrF when higher.`;
}

function section(
  { title, metric: name, alphas, inputs }: ChoiceEvaluation,
  { bootstrap }: ChoiceSettings,
): string {
  const [metric] = metricsOf(name);
  if (metric === undefined) return '';
  const conditions = ['all', ...[...new Set(inputs.map(({ condition }) => condition))].sort()];
  const rows = conditions.map((condition) => {
    const list = inputs.filter((one) => condition === 'all' || one.condition === condition);
    const by = (system: System) => textsOf(list, system);
    const against = (from: System, to: System) =>
      interval(difference(metric, by(from), by(to), bootstrap));
    const stepped = list.filter(({ alpha }) => alpha !== 0).length;
    return [
      `${condition} (${list.length})`,
      scoreOf(metric, by('plain')).toFixed(2),
      ...COMPARED.map((system) => against('plain', system)),
      against('random steps', 'automatic α'),
      against('beams', 'automatic α'),
      `${((100 * stepped) / list.length).toFixed(0)} %`,
    ];
  });
  const head = [
    'inputs',
    `plain ${metric.name}`,
    ...COMPARED.map((system) => `${system} − plain`),
    'automatic − random',
    'automatic − beams',
    'α above 0',
  ];
  return `## ${title}\n\nα: 0 (plain), ${alphas.join(', ')}; suggested ${alphas[0]}.\n\n${table(head, rows)}`;
}

function textsOf(inputs: readonly ChosenTexts[], system: System): readonly Scored[] {
  return inputs.map(({ texts, references }) => ({ text: texts[system], references }));
}
