/** The command line of the benchmark. */

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Task } from '../../src-main/contract/result.ts';
import { chosenModels, RECOGNISERS, TRANSLATORS } from '../dev-inputs.ts';
import { taskOfMade } from './made-models.ts';
import { BENCHMARK_DTYPES, type BenchmarkDtype } from './protocol.ts';

export interface BenchOptions {
  /** Counted pairs of every comparison. */
  readonly pairs: number;
  readonly dtypes: readonly BenchmarkDtype[];
  /** Names by task. */
  readonly models: Readonly<Record<Task, readonly string[]>>;
  /** Models with random weights, by task. */
  readonly made: readonly { readonly model: string; readonly task: Task }[];
  readonly madeInputs: Readonly<Record<Task, number>>;
  /** A Python with CTranslate2 and whisper.cpp; null leaves them out. */
  readonly python: string | null;
  /** Threads of one operator, for every side. */
  readonly threads: number;
  readonly inputs: Readonly<Record<Task, number>>;
  readonly out: string;
  /** What leads to the same numbers, for the report. */
  readonly command: string;
}

const DEFAULT_OUT = resolve(import.meta.dirname, '../../docs/benchmarks.md');

/** @throws Error for an unknown option or a value that does not fit, naming it */
export function benchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      pairs: { type: 'string', default: '7' },
      dtype: { type: 'string', multiple: true, default: ['fp32'] },
      model: { type: 'string', multiple: true, default: [...RECOGNISERS, ...TRANSLATORS] },
      made: { type: 'string', multiple: true, default: [] },
      windows: { type: 'string', default: '4' },
      'made-sentences': { type: 'string', default: '16' },
      python: { type: 'string' },
      threads: { type: 'string', default: '2' },
      utterances: { type: 'string', default: '64' },
      sentences: { type: 'string', default: '100' },
      out: { type: 'string', default: DEFAULT_OUT },
    },
  });
  const { out, python, ...measured } = values;
  const given = Object.entries(measured).flatMap(([name, value]) =>
    [value].flat().map((one) => `--${name} ${one}`),
  );
  return {
    pairs: count('pairs', values.pairs),
    dtypes: values.dtype.map(dtype),
    models: chosenModels(values.model),
    made: values.made.map(madeModel),
    madeInputs: {
      transcribe: count('windows', values.windows),
      translate: count('made-sentences', values['made-sentences']),
    },
    python: python ?? null,
    threads: count('threads', values.threads),
    inputs: {
      transcribe: count('utterances', values.utterances),
      translate: count('sentences', values.sentences),
    },
    out,
    command: `npm run bench -- ${given.join(' ')}${python === undefined ? '' : ' --python python'}`,
  };
}

function madeModel(model: string): { readonly model: string; readonly task: Task } {
  const task = taskOfMade(model);
  if (task !== null) return { model, task };
  throw new Error(`--made can be a model of e2e/bench/models/make-models.py, not "${model}".`);
}

function count(name: string, value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`--${name} must be a whole number above 0, not "${value}".`);
}

function dtype(value: string): BenchmarkDtype {
  const known = BENCHMARK_DTYPES.find((name) => name === value);
  if (known !== undefined) return known;
  throw new Error(`--dtype can be ${BENCHMARK_DTYPES.join(' or ')}, not "${value}".`);
}
