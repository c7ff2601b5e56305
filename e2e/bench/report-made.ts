/** The part of the report about models with random weights. */

import { table } from '../markdown-table.ts';
import type { Comparison, Entry, MadeMeasurement } from './benchmarks-file.ts';
import { goalAgainst } from './goals.ts';
import { othersText, runText, threadsText } from './report-text.ts';
import { ratioText } from './statistics.ts';

export function formatMade({ run, measurement }: Entry<MadeMeasurement>): string {
  const { setup, audioSeconds, tokensPerInput, comparisons, others } = measurement;
  const inputs =
    audioSeconds === null
      ? `${setup.inputs} sentences`
      : `${setup.inputs} windows, ${audioSeconds.toFixed(0)} s of audio`;
  return [
    `## ${setup.model}, ${setup.dtype}`,
    `Random weights, real sizes. ${inputs}; every one gets ${tokensPerInput} tokens; ${threadsText(setup.threads)}. ${othersText(others)}`,
    runText(run),
    ratioTable(comparisons),
    timeTable(comparisons),
  ].join('\n\n');
}

function ratioTable(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ first, second, ratio, equal }) => {
    const goal = goalAgainst(second.name);
    return [
      first.name,
      second.name,
      ratioText(ratio),
      goal === null ? '' : `≤ ${goal}: ${ratio.median <= goal ? 'met' : '**missed**'}`,
      `${(100 * equal).toFixed(1)} %`,
    ];
  });
  return table(['First side', 'Second side', 'Ratio of times', 'Goal', 'Equal outputs'], rows);
}

function timeTable(comparisons: readonly Comparison[]): string {
  const sides = comparisons.flatMap(({ first, second }) => [first, second]);
  const names = [...new Set(sides.map(({ name }) => name))];
  const rows = names.map((name) => {
    const side = sides.find((one) => one.name === name);
    const stages = side?.stages;
    return [
      name,
      `${side?.time.median.toFixed(0)} ms`,
      ...(['features', 'encode', 'decode'] as const).map(
        (stage) => stages?.[stage].median.toFixed(0) ?? '',
      ),
    ];
  });
  return table(['Side', 'Time', 'features', 'encoder', 'decoder'], rows);
}
