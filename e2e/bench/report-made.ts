/** The part of the report about models with random weights. */

import { table } from '../markdown-table.ts';
import type { MadeMeasurement } from './measure-made.ts';
import type { Comparison } from './pairs.ts';
import { ratioText } from './statistics.ts';

export function formatMade(made: readonly MadeMeasurement[]): readonly string[] {
  return made.map((measurement) => {
    const { setup, audioSeconds, tokensPerInput, comparisons, ctranslate2 } = measurement;
    const inputs =
      audioSeconds === null
        ? `${setup.inputs} sentences`
        : `${setup.inputs} windows, ${audioSeconds.toFixed(0)} s of audio`;
    const peer =
      ctranslate2 === null
        ? 'CTranslate2 was not measured.'
        : `CTranslate2 ${ctranslate2} has the same weights, and the features of faster-whisper.`;
    return [
      `## ${setup.model}`,
      `Random weights, real sizes, fp32 where nothing else is said. ${inputs}; every one gets ${tokensPerInput} tokens. ${peer}`,
      ratioTable(comparisons),
      timeTable(comparisons),
    ].join('\n\n');
  });
}

function ratioTable(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ first, second, ratio, equal }) => {
    const goal = goalFor(second.name);
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

/** Null where it computes with less precision than Veer's side. */
function goalFor(name: string): number | null {
  if (name.startsWith('transformers.js')) return 0.5;
  return name.includes('float32') ? 0.9 : null;
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
