/** The command line of the benchmark. */

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Task } from '../../src-main/contract/result.ts';
import { RECOGNISERS, TRANSLATORS } from '../dev-inputs.ts';
import { isMade, MADE_MODELS, taskOfMade } from './made-models.ts';
import { BENCHMARK_DTYPES, type BenchmarkDtype, type WorkerSetup } from './protocol.ts';

export interface BenchOptions {
  /** Counted pairs of every comparison. */
  readonly pairs: number;
  /** By dtype, then by model. */
  readonly setups: readonly WorkerSetup[];
  /** Measure the starts, with as many threads. */
  readonly starts: boolean;
  readonly threads: number;
  /** A Python with CTranslate2 and whisper.cpp; null leaves them out. */
  readonly python: string | null;
  /** Folder of the page; the numbers lie in its `results`. */
  readonly out: string;
}

/** Every model the benchmark knows, bundled ones first. */
export const MODEL_ORDER: readonly string[] = [...RECOGNISERS, ...TRANSLATORS, ...MADE_MODELS];

const DEFAULTS = {
  pairs: 7,
  threads: 2,
  utterances: 16,
  sentences: 24,
  windows: 4,
  'made-sentences': 16,
} as const;
type Count = keyof typeof DEFAULTS;

const DOCS = resolve(import.meta.dirname, '../../docs');

/** @throws Error for an unknown option or a value that does not fit, naming it */
export function benchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: 'string', multiple: true, default: [] },
      starts: { type: 'boolean', default: false },
      dtype: { type: 'string', multiple: true, default: [...BENCHMARK_DTYPES] },
      pairs: { type: 'string' },
      threads: { type: 'string' },
      utterances: { type: 'string' },
      sentences: { type: 'string' },
      windows: { type: 'string' },
      'made-sentences': { type: 'string' },
      python: { type: 'string' },
      redraw: { type: 'boolean', default: false },
      out: { type: 'string', default: DOCS },
    },
  });
  const count = (name: Count) => countOf(name, values[name]);
  const threads = count('threads');
  const everything = values.model.length === 0 && !values.starts;
  const models = everything ? [...RECOGNISERS, ...TRANSLATORS] : values.model;
  const named = models.map((model) => ({ model, task: taskOf(model) }));
  const setups = values.dtype.map(dtypeOf).flatMap((dtype) =>
    named.map(({ model, task }) => {
      return { task, model, dtype, threads, inputs: count(inputsOption(task, isMade(model))) };
    }),
  );
  return {
    pairs: count('pairs'),
    setups: values.redraw ? [] : setups,
    starts: !values.redraw && (everything || values.starts),
    threads,
    python: values.python ?? null,
    out: values.out,
  };
}

/** The command that leads to the measurement of one model and dtype alone. */
export function commandOf(setup: WorkerSetup, { pairs, python }: BenchOptions): string {
  const { task, model, dtype, threads, inputs } = setup;
  const counts = countsText({ pairs, threads, [inputsOption(task, isMade(model))]: inputs });
  const peers = python === null ? '' : ' --python python';
  return `npm run bench -- --model ${model} --dtype ${dtype}${counts}${peers}`;
}

export function commandOfStarts({ pairs, threads }: BenchOptions): string {
  return `npm run bench -- --starts${countsText({ pairs, threads })}`;
}

/** Options for what is not as it is without them. */
function countsText(counts: Partial<Readonly<Record<Count, number>>>): string {
  return Object.entries(DEFAULTS)
    .map(([name, standard]) => [name, counts[name as Count] ?? standard, standard] as const)
    .filter(([, value, standard]) => value !== standard)
    .map(([name, value]) => ` --${name} ${value}`)
    .join('');
}

function inputsOption(task: Task, made: boolean): Count {
  if (made) return task === 'transcribe' ? 'windows' : 'made-sentences';
  return task === 'transcribe' ? 'utterances' : 'sentences';
}

function taskOf(model: string): Task {
  if (RECOGNISERS.some((name) => name === model)) return 'transcribe';
  if (TRANSLATORS.some((name) => name === model)) return 'translate';
  const task = taskOfMade(model);
  if (task !== null) return task;
  throw new Error(`--model can be ${MODEL_ORDER.join(', ')}, not "${model}".`);
}

function countOf(name: Count, value: string | undefined): number {
  const number = value === undefined ? DEFAULTS[name] : Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`--${name} must be a whole number above 0, not "${value}".`);
}

function dtypeOf(value: string): BenchmarkDtype {
  const known = BENCHMARK_DTYPES.find((name) => name === value);
  if (known !== undefined) return known;
  throw new Error(`--dtype can be ${BENCHMARK_DTYPES.join(' or ')}, not "${value}".`);
}
