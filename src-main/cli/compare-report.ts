/**
 * `veer compare` on a terminal: plain and perturbed texts of every unit side by side, differences
 * marked by brackets and, where there is colour, by colour too.
 */

import { styleText } from 'node:util';
import type { ProxyMetric } from '../contract/proxy-metric.ts';
import type { Result, Segment } from '../contract/result.ts';
import { wordDiff } from '../evaluation/word-diff.ts';
import { layOutColumns } from './columns.ts';
import { printable } from './terminal.ts';

export interface ReportOptions {
  /** Characters of a line. */
  readonly width: number;
  readonly colour: boolean;
}

/** The whole report of one file, with a line feed at the end. */
export function compareReport(result: Result, options: ReportOptions): string {
  const differing = result.segments.filter(differs).length;
  const unit = result.task === 'transcribe' ? 'windows' : 'sentences';
  return [
    `== ${printable(result.source.path)}`,
    `${differing} of ${result.segments.length} ${unit} differ`,
    ...identity(result),
    '',
    ...result.segments.flatMap((segment) => [...unitLines(segment, result, options), '']),
    timingLine(result),
    '',
  ].join('\n');
}

function identity(result: Result): readonly string[] {
  const { model, proxy, device, language, sourceLanguage } = result;
  const direction = language === sourceLanguage ? '' : `, ${sourceLanguage} → ${language}`;
  return [
    `model ${model.id} (${model.dtype}) on ${device.used}${direction}`,
    proxy === null
      ? 'no proxy'
      : `proxy ${proxy.id}: predicts ${proxy.metric} from the encoder output, not measured on this text`,
  ];
}

function differs(segment: Segment): boolean {
  return segment.variants.some((variant) => variant.text !== segment.variants[0]?.text);
}

function unitLines(segment: Segment, result: Result, options: ReportOptions): readonly string[] {
  const [first, ...others] = segment.variants;
  if (first === undefined) return [];
  const columns = [
    { title: `α = ${first.alpha}`, text: printable(first.text) },
    ...others.map((variant) => ({
      title: `α = ${variant.alpha}${variant.text === first.text ? ' (same)' : ''}`,
      text: markedDiff(printable(first.text), printable(variant.text), result.language),
    })),
  ];
  return [
    heading(segment, result),
    ...layOutColumns(columns, options.width, options.colour ? coloured : undefined),
  ];
}

function heading(segment: Segment, { proxy }: Result): string {
  const place =
    segment.start === null
      ? `“${printable(segment.source ?? '')}”`
      : `${segment.start.toFixed(1)}–${(segment.end ?? 0).toFixed(1)} s`;
  const predicted =
    proxy === null || segment.predictedScore === null
      ? ''
      : `  predicted ${proxy.metric} ${scoreText(proxy.metric, segment.predictedScore)}, ‖g‖ ${(segment.gradientNorm ?? 0).toPrecision(3)}`;
  return `[${segment.index + 1}] ${place}${predicted}`;
}

/** `[-gone-]` and `{+new+}` around changed words, as word diffs of version control mark them. */
function markedDiff(before: string, after: string, language: string | null): string {
  return wordDiff(before, after, language ?? undefined)
    .map(({ kind, text }) => {
      if (kind === 'equal') return text;
      const words = text.trim();
      if (words === '') return kind === 'added' ? text : '';
      const lead = text.slice(0, text.length - text.trimStart().length);
      const trail = text.slice(text.trimEnd().length);
      return `${lead}${kind === 'removed' ? `[-${words}-]` : `{+${words}+}`}${trail}`;
    })
    .join('');
}

const MARKS = { '[-': 'red', '{+': 'green' } as const;

/** Marks in colour, one that goes on in the next line too. */
function coloured(lines: readonly string[]): readonly string[] {
  let colour: 'red' | 'green' | null = null;
  return lines.map((line) =>
    line
      .split(/(?=\[-|\{\+)|(?<=-\]|\+\})/)
      .map((part) => {
        const start = part.slice(0, 2);
        if (start === '[-' || start === '{+') colour = MARKS[start];
        const text = colour === null ? part : styleText(colour, part, { validateStream: false });
        if (/(-\]|\+\})$/.test(part)) colour = null;
        return text;
      })
      .join(''),
  );
}

function timingLine({ timings, source }: Result): string {
  const { read, features, encode, proxy, decode, total, load } = timings;
  const stages = { read, features, encode, proxy, decode, total };
  const parts = Object.entries(stages).map(([name, time]) => `${name} ${time.toFixed(0)}`);
  const factor =
    source.duration === null || source.duration === 0
      ? ''
      : `; real-time factor ${(total / 1000 / source.duration).toFixed(3)}`;
  return `ms: ${parts.join(', ')} (load ${load.toFixed(0)})${factor}`;
}

/** A prediction is not bounded as the metric is; a person reads it as the metric. */
function scoreText(metric: ProxyMetric, score: number): string {
  switch (metric) {
    case 'wer':
    case 'cer':
      return Math.max(0, score).toFixed(3);
    case 'chrf':
    case 'bleu':
    case 'round-trip-chrf':
      return Math.min(100, Math.max(0, score)).toFixed(1);
    case 'log-probability':
      return Math.min(0, score).toFixed(3);
    case 'score':
      return score.toPrecision(4);
  }
}
