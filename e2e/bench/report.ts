/** The measurements as docs/benchmarks.md. */

import { table } from '../markdown-table.ts';
import type {
  Benchmarks,
  Entry,
  ModelMeasurement,
  SideResult,
  StartsMeasurement,
} from './benchmarks-file.ts';
import { goalsOf } from './goals.ts';
import { comparisonsOf, overview } from './overview.ts';
import { formatMade } from './report-made.ts';
import { othersText, runText, threadsText } from './report-text.ts';
import type { Spread } from './statistics.ts';
import { ratioText } from './statistics.ts';

const INT8_NOTE =
  'int8 scales activations over the whole batch, so outputs depend on what shares a batch: equality is counted, not promised.';

export function formatReport(benchmarks: Benchmarks): string {
  return `${[
    '# Benchmarks',
    'Drawn by `npm run bench -- --redraw` from [the numbers](results/benchmarks.json); do not edit.',
    'Veer and transformers.js read the same model folders and the same inputs with ONNX Runtime on the CPU, every side in a process of its own, with as many threads. They take turns; one pair to warm up is not counted. A ratio is the time of the first side divided by that of the second, pair by pair: median (lowest–highest). Below 1 the first side is faster. Goals are judged by the median. Times hold for the machine that a section names. Nothing is random, so there is no seed.',
    'transformers.js has two handicaps in batches that the benchmark takes away: rows that have ended are held at the end token, since it stops only when all rows end at one step, and the features of a batch are joined for it. It still keeps ended rows in the batch, which Veer drops. Veer also computes the log-probability of every token, which transformers.js does not. The outputs of both sides are compared in every pair.',
    'Veer tells ONNX Runtime not to keep its threads spinning between runs, since three graphs share the cores; transformers.js runs with its own defaults, as its users do. A good part of the difference one by one comes from that.',
    'How the other peers are run, what is fair in each comparison and what is not, and where the time goes: [benchmarking.md](benchmarking.md).',
    overview(benchmarks),
    ...benchmarks.bundled.map(formatModel),
    ...benchmarks.made.map(formatMade),
    ...(benchmarks.starts === null ? [] : [formatStarts(benchmarks.starts)]),
  ].join('\n\n')}\n`;
}

/** Goal: a second to the first text. */
function formatStarts({ run, measurement }: Entry<StartsMeasurement>): string {
  const { threads, commands } = measurement;
  const seconds = ({ median, min, max }: Spread) =>
    [median, min, max].map((time) => (time / 1000).toFixed(2));
  const rows = commands.map(({ command, time }) => {
    const [median, min, max] = seconds(time);
    const met = time.median <= 1000 ? 'met' : '**missed**';
    return [`\`${command}\``, `${median} s (${min}–${max})`, met];
  });
  return [
    '## Start',
    `With ${threadsText(threads)}.`,
    runText(run),
    table(['From the start to the first text', 'Time', 'At most 1 s'], rows),
  ].join('\n\n');
}

function formatModel({ run, measurement }: Entry<ModelMeasurement>): string {
  const { setup, veer } = measurement;
  const speech = setup.task === 'transcribe';
  const inputs = speech
    ? `${setup.inputs} utterances, ${veer.audioSeconds?.toFixed(0)} s of audio`
    : `${setup.inputs} sentences`;
  const alpha =
    veer.alpha === null
      ? `Comparing with α was not measured: ${veer.reason}`
      : `α is ${veer.alpha}.`;
  return [
    `## ${setup.model}, ${setup.dtype}`,
    `${inputs}, ${threadsText(setup.threads)}. ${alpha} ${othersText(measurement.others)}${setup.dtype === 'int8' ? ` ${INT8_NOTE}` : ''}`,
    runText(run),
    goalTable(measurement),
    ratioTable(measurement),
    timeTable(measurement),
    stageTable(measurement),
    batchTable(measurement),
  ].join('\n\n');
}

function goalTable(measurement: ModelMeasurement): string {
  const rows = goalsOf(measurement).map(({ text, measured, unit, met }) => [
    text,
    measured === null
      ? 'not measured'
      : unit === 'ratio'
        ? ratioText(measured)
        : percents(measured),
    met === null ? '' : met ? 'met' : '**missed**',
  ]);
  return table(['Goal', 'Measured', ''], rows);
}

function ratioTable(measurement: ModelMeasurement): string {
  const rows = comparisonsOf(measurement).map((comparison) => [
    comparison.first.name,
    comparison.second.name,
    ratioText(comparison.ratio),
    `${(100 * comparison.equal).toFixed(1)} %`,
  ]);
  return table(['First side', 'Second side', 'Ratio of times', 'Equal plain outputs'], rows);
}

function timeTable(measurement: ModelMeasurement): string {
  const audio = measurement.veer.audioSeconds;
  const rows = [...sides(measurement).values()].map(({ name, time, tokens }) => [
    name,
    `${time.median.toFixed(0)} ms`,
    (tokens / (time.median / 1000)).toFixed(0),
    ...(audio === null ? [] : [(time.median / 1000 / audio).toFixed(4)]),
  ]);
  const realTime = audio === null ? [] : ['Real-time factor'];
  return table(['Side', 'Time', 'Plain tokens per second', ...realTime], rows);
}

function stageTable(measurement: ModelMeasurement): string {
  const rows = [...sides(measurement).values()].flatMap(({ name, stages }) =>
    stages === null
      ? []
      : [
          [
            name,
            ...(['features', 'encode', 'proxy', 'decode'] as const).map((stage) =>
              stages[stage].median.toFixed(1),
            ),
          ],
        ],
  );
  return table(['Milliseconds in', 'features', 'encoder', 'proxy', 'decoder'], rows);
}

function batchTable({ batchSizes }: ModelMeasurement): string {
  return table(
    ['Inputs per batch (Veer, plain)', ...batchSizes.map(({ size }) => String(size))],
    [['Time, divided by one by one', ...batchSizes.map((entry) => ratioText(entry.ratio))]],
  );
}

/** Every side once, as its first comparison measured it. */
function sides(measurement: ModelMeasurement): ReadonlyMap<string, SideResult> {
  const all = comparisonsOf(measurement).flatMap(({ first, second }) => [first, second]);
  const sidesByName = new Map<string, SideResult>();
  for (const result of all) {
    if (!sidesByName.has(result.name)) sidesByName.set(result.name, result);
  }
  return sidesByName;
}

function percents({ median, min, max }: Spread): string {
  const percent = (value: number) => (100 * value).toFixed(1);
  if (min === max) return `${percent(median)} %`;
  return `${percent(median)} % (${percent(min)}–${percent(max)})`;
}
