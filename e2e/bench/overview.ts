/** One line per model and dtype, so that what is reached can be seen at a glance. */

import { table } from '../markdown-table.ts';
import type {
  Benchmarks,
  Comparison,
  MadeMeasurement,
  ModelMeasurement,
} from './benchmarks-file.ts';
import { goalAgainst, ONE_ALPHA } from './goals.ts';

/** In the order of the report. */
export function comparisonsOf(
  measurement: ModelMeasurement | MadeMeasurement,
): readonly Comparison[] {
  if ('comparisons' in measurement) return measurement.comparisons;
  const { single, pipeline, batched, otherComparisons } = measurement;
  const { compare, compareSingle, engineProcess, together } = measurement;
  return [
    single,
    pipeline,
    batched,
    ...otherComparisons,
    compare,
    compareSingle,
    engineProcess,
    together,
  ].flatMap((comparison) => comparison ?? []);
}

interface Column {
  readonly head: string;
  /** Of the comparisons that belong to it the one with the greatest ratio counts. */
  holds(first: string, second: string): boolean;
}

const SINGLE = 'Veer, one by one';
const isBatched = (name: string) => /^Veer, batches of \d+$/.test(name);

const against = (program: string): readonly Column[] => [
  {
    head: `${program}, one by one`,
    holds: (first, second) => first === SINGLE && second.startsWith(program),
  },
  {
    head: `${program}, Veer in batches`,
    holds: (first, second) => isBatched(first) && second.startsWith(program),
  },
];

const COLUMNS: readonly Column[] = [
  ...against('transformers.js'),
  ...against('CTranslate2'),
  {
    head: 'whisper.cpp, one by one',
    holds: (first, second) => first === SINGLE && second.startsWith('whisper.cpp'),
  },
  {
    head: 'Plain and one α, one by one',
    holds: (first, second) => first.endsWith('one α') && second === SINGLE,
  },
  {
    head: 'Plain and one α, batches',
    holds: (first, second) => first.endsWith('one α') && isBatched(second),
  },
  {
    head: 'Files at once, one after the other',
    holds: (first) => first.endsWith('files at once'),
  },
];

/** Where a peer was measured in more than one way, the ratio to its better one; bold where a goal is missed. */
export function overview({ bundled, made }: Benchmarks): string {
  const measurements = [...bundled, ...made].map(({ measurement }) => measurement);
  const rows = measurements.map((measurement) => {
    const comparisons = comparisonsOf(measurement);
    const { model, dtype } = measurement.setup;
    return [`${model}, ${dtype}`, ...COLUMNS.map((column) => cellOf(column, comparisons))];
  });
  return [
    '## Overview',
    `Median of the ratios; against a peer in the way that suits it best. Bold: the goal is missed (${GOALS}).`,
    table(['', ...COLUMNS.map(({ head }) => head)], rows),
  ].join('\n\n');
}

const GOALS = `transformers.js 0.5; CTranslate2 and whisper.cpp beside fp32 0.9, beside int8 none; plain and one α ${ONE_ALPHA} times plain`;

function cellOf({ holds }: Column, comparisons: readonly Comparison[]): string {
  const [hardest] = comparisons
    .filter(({ first, second }) => holds(first.name, second.name))
    .sort((a, b) => b.ratio.median - a.ratio.median);
  if (hardest === undefined) return '';
  const { first, second, ratio } = hardest;
  const goal = first.name.endsWith('one α') ? ONE_ALPHA : goalAgainst(second.name);
  const text = ratio.median.toFixed(2);
  return goal !== null && ratio.median > goal ? `**${text}**` : text;
}
