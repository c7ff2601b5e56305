/** The tables of docs/evaluation.md. Cells are rounded as far as their intervals allow to read. */

import type { ProxyManifest } from '../../src-main/contract/model-layout.ts';
import {
  type BootstrapInterval,
  meanStatistics,
  pairedBootstrap,
  ratioOfSums,
} from '../../src-main/evaluation/bootstrap.ts';
import { pearson, spearman } from '../../src-main/evaluation/correlation.ts';
import type { DecodedTexts } from './decoded-texts.ts';
import { DIRECTIONS, type Direction } from './directions.ts';
import {
  difference,
  errorKinds,
  type Metric,
  proxyTarget,
  type Scored,
  scoreOf,
} from './metrics.ts';
import {
  improvements,
  type PredictedScores,
  SMALLEST_GATE,
  shareInterval,
} from './predicted-scores.ts';

export type Bootstrap = { readonly seed: number; readonly resamples: number };

/** Predicted score against α: mean improvement and the share of inputs that improved. */
export function predictedTable(
  all: readonly PredictedScores[],
  alphas: readonly number[],
  manifest: ProxyManifest,
  bootstrap: Bootstrap,
): string {
  const inputs = all.filter(({ gate }) => gate >= SMALLEST_GATE);
  const zeros = meanStatistics(inputs.map(() => 0));
  const [scale, digits] = manifest.metric === 'wer' ? [100, 2] : [1, 2];
  const rows = alphas.map((alpha, a) => [
    `${alpha}`,
    ...DIRECTIONS.flatMap((direction) => {
      const changes = improvements(inputs, direction, a, manifest);
      const mean = pairedBootstrap(
        zeros,
        meanStatistics(changes.map((change) => scale * change)),
        ratioOfSums,
        bootstrap,
      );
      const better = changes.filter((change) => change > 0).length;
      const [low, high] = shareInterval(better, changes.length);
      const share = `${percent(better / changes.length)} [${percent(low)}, ${percent(high)}]`;
      return [interval(mean, digits), share];
    }),
  ]);
  const titles = DIRECTIONS.flatMap((direction) => [`${direction}: mean`, 'improved']);
  return table(['α', ...titles], rows);
}

/** Real metric against α: every direction as difference from plain, and gradient from random. */
export function metricTable(
  metric: Metric,
  texts: readonly DecodedTexts[],
  alphas: readonly number[],
  bootstrap: Bootstrap,
): string {
  const plain = plainOf(texts);
  const rows = alphas.map((alpha, a) => {
    const at = (direction: Direction) => movedOf(texts, direction, a);
    return [
      `${alpha}`,
      scoreOf(metric, at('gradient')).toFixed(2),
      ...DIRECTIONS.map((direction) =>
        interval(difference(metric, plain, at(direction), bootstrap)),
      ),
      interval(difference(metric, at('random'), at('gradient'), bootstrap)),
    ];
  });
  const minus = DIRECTIONS.map((direction) => `${direction} − plain`);
  const head = ['α', `${metric.name} along the gradient`, ...minus, 'gradient − random'];
  return `${metric.name} plain: ${scoreOf(metric, plain).toFixed(2)}\n\n${table(head, rows)}`;
}

/** Substitutions, deletions and insertions per 100 words, plain and along the gradient. */
export function errorKindsTable(texts: readonly DecodedTexts[], alphas: readonly number[]): string {
  const cells = (list: readonly Scored[]) => errorKinds(list).map((rate) => rate.toFixed(2));
  const rows = alphas.map((alpha, a) => [`${alpha}`, ...cells(movedOf(texts, 'gradient', a))]);
  const head = ['α', 'substitutions', 'deletions', 'insertions'];
  return table(head, [['0', ...cells(plainOf(texts))], ...rows]);
}

/** Predicted against real metric of the plain output. */
export function correlationTable(
  groups: ReadonlyMap<string, readonly DecodedTexts[]>,
  { metric }: ProxyManifest,
): string {
  const rows = [...groups].map(([name, texts]) => {
    const predicted = texts.map((text) => text.predicted);
    const real = texts.map(({ plain, references }) =>
      proxyTarget(metric, { text: plain, references }),
    );
    return [
      name,
      `${texts.length}`,
      number(pearson(predicted, real), 2),
      number(spearman(predicted, real), 2),
    ];
  });
  return table(['condition', 'inputs', 'Pearson', 'Spearman'], rows);
}

export function plainOf(texts: readonly DecodedTexts[]): readonly Scored[] {
  return texts.map(({ plain, references }) => ({ text: plain, references }));
}

export function movedOf(
  texts: readonly DecodedTexts[],
  direction: Direction,
  a: number,
): readonly Scored[] {
  return texts.map(({ moved, references }) => ({ text: moved[direction][a] ?? '', references }));
}

export function interval({ difference, lower, upper }: BootstrapInterval, digits = 2): string {
  const [centre, low, high] = [difference, lower, upper].map((value) =>
    number(value, digits, true),
  );
  return `${centre} [${low}, ${high}]`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** With a true minus sign, and no sign for what rounds to zero. */
function number(value: number, digits: number, signed = false): string {
  if (Number.isNaN(value)) return 'not defined';
  const size = Math.abs(value).toFixed(digits);
  if (Number(size) === 0) return size;
  return `${value < 0 ? '−' : signed ? '+' : ''}${size}`;
}

/** Numbers to the right; padded as Biome formats Markdown, so that the file passes the check. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, i) =>
    Math.max(...[head, ...rows].map((cells) => (cells[i] ?? '').length)),
  );
  const padded = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)));
  const rule = widths.map((width, i) =>
    i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [padded(head), rule, ...rows.map(padded)]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
