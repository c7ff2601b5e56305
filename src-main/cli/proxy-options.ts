/** The options of `veer proxy`: parsing, defaults, and what they mean for the engine. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import { VeerError } from '../contract/errors.ts';
import type { ProxyMetric } from '../contract/proxy-metric.ts';
import { PROXY_METRICS } from '../contract/proxy-metric.ts';
import {
  type FitOptions,
  type FrozenModel,
  fitOptionsSchema,
  type StepOptions,
  type TrainProxyInput,
} from '../contract/proxy-training.ts';
import type { Task } from '../contract/result.ts';
import { addModelOptions, type ModelFlags, parseAlphas } from './run-options.ts';

export interface FrozenModelFlags extends ModelFlags {
  readonly cache?: string;
  readonly cacheSize: number;
}

export interface TrainFlags extends FrozenModelFlags {
  readonly metric?: ProxyMetric;
  readonly direction: 'higher' | 'lower';
  readonly id?: string;
  readonly replace?: boolean;
  readonly pooling: 'attention' | 'position-mean';
  readonly queries: number;
  readonly value: number;
  readonly inner: number;
  readonly hidden: readonly number[];
  readonly members: number;
  readonly epochs: number;
  readonly patience: number;
  readonly batch: number;
  readonly rate: number;
  readonly weightDecay: number;
  readonly dropout: number;
  readonly noise: number;
  readonly seed: number;
  readonly normalisation?: StepOptions['normalisation'];
  readonly preconditioning?: StepOptions['preconditioning'];
  readonly gate?: StepOptions['gate'];
  readonly alphas: readonly number[];
  readonly data?: string;
  readonly license: string;
}

/** Steps that worked best for the bundled models (docs/decisions/017). */
const STEPS: Readonly<Record<Task, StepOptions>> = {
  transcribe: { normalisation: 'token', preconditioning: 'covariance', gate: 'predicted-error' },
  translate: { normalisation: 'relative', preconditioning: 'none', gate: 'predicted-error' },
};

export function addFrozenModelOptions(command: Command): Command {
  return addModelOptions(command)
    .option('--cache <folder>', "where the model's outputs are kept; default: in the data folder")
    .option('--cache-size <GB>', 'how large that folder may become', number, 8);
}

export function addTrainOptions(command: Command): Command {
  return addFrozenModelOptions(command)
    .addOption(
      new Option('--metric <metric>', 'what to predict; default: wer or chrf').choices(
        PROXY_METRICS,
      ),
    )
    .addOption(
      new Option('--direction <way>', 'metric score: which is better')
        .choices(['higher', 'lower'])
        .default('higher'),
    )
    .option('--id <name>', 'name of the proxy; default: trained-METRIC')
    .option('--replace', 'a proxy of that name that was trained here gives way')
    .addOption(
      new Option('--pooling <kind>', 'how positions are pooled')
        .choices(['attention', 'position-mean'])
        .default('attention'),
    )
    .option('--queries <n>', 'attention: learned queries', number, 4)
    .option('--value <n>', 'attention: width of the value layer; 0 is none', number, 64)
    .option('--inner <n>', 'position-mean: width of the layer at every position', number, 128)
    .option('--hidden <list>', 'widths of the layers behind it', numbers, [64, 32])
    .option('--members <n>', 'proxies whose mean is taken', number, 1)
    .option('--epochs <n>', 'at most', number, 20)
    .option('--patience <n>', 'epochs without a better dev Spearman', number, 4)
    .option('--batch <n>', 'examples per step', number, 64)
    .option('--rate <r>', 'learning rate', number, 1e-3)
    .option('--weight-decay <d>', 'of AdamW', number, 0.02)
    .option('--dropout <share>', 'of the hidden values', number, 0.1)
    .option('--noise <s>', 'on encoder outputs, in standard deviations', number, 0)
    .option('--seed <n>', 'of the split and of everything random', number, 0)
    .addOption(
      new Option('--normalisation <n>', 'of the step (docs/perturbation.md)').choices([
        'raw',
        'relative',
        'token',
      ]),
    )
    .addOption(new Option('--preconditioning <p>', 'of the step').choices(['none', 'covariance']))
    .addOption(new Option('--gate <g>', 'of the step').choices(['none', 'predicted-error']))
    .option('--alphas <list>', 'step sizes to try on dev', parseAlphas, [0.05, 0.1, 0.2, 0.4])
    .option('--data <text>', 'where the examples come from, for proxy.json')
    .option('--license <name>', 'of the proxy, as its data allow', 'unknown');
}

/** @throws VeerError OPTION_INVALID naming the option */
export function planTraining(
  flags: TrainFlags,
  task: Task,
  frozen: FrozenModel,
  { table, version }: { readonly table: string; readonly version: string },
): TrainProxyInput {
  const metric = flags.metric ?? (task === 'transcribe' ? 'wer' : 'chrf');
  const wrongAlpha = flags.alphas.find((alpha) => alpha <= 0);
  if (wrongAlpha !== undefined) {
    throw new VeerError('OPTION_INVALID', `--alphas must be above 0, not ${wrongAlpha}.`);
  }
  const step = STEPS[task];
  const id = flags.id ?? `trained-${metric}`;
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(id)) {
    throw new VeerError(
      'OPTION_INVALID',
      `--id must be small letters, digits, dots and dashes, not "${id}".`,
    );
  }
  return {
    ...frozen,
    metric,
    scoreDirection: flags.direction === 'lower' ? 'lower-is-better' : 'higher-is-better',
    fit: fitOptions(flags),
    step: {
      normalisation: flags.normalisation ?? step.normalisation,
      preconditioning: flags.preconditioning ?? step.preconditioning,
      gate: flags.gate ?? (metric === 'score' ? 'none' : step.gate),
    },
    alphas: [...flags.alphas],
    id,
    name: `Proxy for ${metric}, trained here`,
    replace: flags.replace ?? false,
    trainingData: flags.data ?? `Examples of ${table}`,
    license: flags.license,
    versions: { veer: version },
  };
}

function fitOptions(flags: TrainFlags): FitOptions {
  const { pooling, queries, value, inner, hidden, batch: batchSize, rate: learningRate } = flags;
  const { members, epochs, patience, weightDecay, dropout, noise, seed } = flags;
  const parsed = fitOptionsSchema.safeParse({
    shape:
      pooling === 'attention'
        ? { pooling, queries, value: value === 0 ? null : value, hidden }
        : { pooling, inner, hidden },
    members,
    epochs,
    patience,
    batchSize,
    learningRate,
    weightDecay,
    dropout,
    noise,
    seed,
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new VeerError('OPTION_INVALID', `${issue?.path.join('.')}: ${issue?.message}.`);
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number.');
}

function numbers(text: string): readonly number[] {
  return text.split(',').map(number);
}
