/**
 * docs/results/benchmarks.json: what the benchmark measured, by model and dtype, from which docs/benchmarks.md is
 * drawn. Every measurement says when, where and by which command it was made. Times are milliseconds.
 */

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Machine } from '../machine.ts';
import { writeWhole } from '../write-whole.ts';
import { BENCHMARK_DTYPES } from './protocol.ts';
import type { Spread } from './statistics.ts';

const machineSchema: z.ZodType<Machine> = z.strictObject({
  cpu: z.string(),
  cores: z.int().positive(),
  memoryGiB: z.number(),
  platform: z.string(),
  versions: z.record(z.string(), z.string()),
});

const runSchema = z.strictObject({
  /** What leads to the same measurement. */
  command: z.string(),
  /** Of its end: year, month, day. */
  date: z.iso.date(),
  machine: machineSchema,
  /** Counted pairs of every comparison, or counted starts. */
  pairs: z.int().positive(),
});
export type BenchmarkRun = z.infer<typeof runSchema>;

const spreadSchema: z.ZodType<Spread> = z.strictObject({
  median: z.number(),
  min: z.number(),
  max: z.number(),
});

const stagesSchema = z.strictObject({
  features: spreadSchema,
  encode: spreadSchema,
  proxy: spreadSchema,
  decode: spreadSchema,
});
export type StageSpreads = z.infer<typeof stagesSchema>;

const sideSchema = z.strictObject({
  name: z.string(),
  time: spreadSchema,
  /** Null for a side that does not say where its time went. */
  stages: stagesSchema.nullable(),
  /** Of the plain outputs, end tokens left out. */
  tokens: z.int().nonnegative(),
});
export type SideResult = z.infer<typeof sideSchema>;

const comparisonSchema = z.strictObject({
  first: sideSchema,
  second: sideSchema,
  /** Time of the first divided by time of the second, pair by pair: below 1 the first is faster. */
  ratio: spreadSchema,
  /** Stage times of the first divided by the whole time of the second, pair by pair. */
  stageShares: stagesSchema.nullable(),
  /** Share of inputs whose plain outputs are equal, token by token, in the worst pair. */
  equal: z.number().min(0).max(1),
});
export type Comparison = z.infer<typeof comparisonSchema>;

const setupSchema = z.strictObject({
  task: z.enum(['transcribe', 'translate']),
  model: z.string(),
  dtype: z.enum(BENCHMARK_DTYPES),
  threads: z.int().positive(),
  inputs: z.int().positive(),
});

/** Peers on another stack than ONNX Runtime. */
const othersSchema = z.strictObject({
  /** Name and version of each program. */
  versions: z.array(z.string()).readonly(),
  /** Why a peer was left out. */
  leftOut: z.array(z.string()).readonly(),
});

const bundledSchema = z.strictObject({
  setup: setupSchema,
  /** Step size of the comparisons with α, or why there are none; seconds of the workload's audio. */
  veer: z.strictObject({
    alpha: z.number().nullable(),
    reason: z.string().nullable(),
    audioSeconds: z.number().nullable(),
  }),
  batchSize: z.int().positive(),
  /** Veer and transformers.js, one input after the other. */
  single: comparisonSchema,
  /** Veer's pipeline and transformers.js, one input after the other. */
  pipeline: comparisonSchema,
  /** Veer's pipeline and transformers.js in batches of the same size. */
  batched: comparisonSchema,
  others: othersSchema,
  /** Veer and these, one input after the other, then in batches of the pipeline's size. */
  otherComparisons: z.array(comparisonSchema).readonly(),
  /** Plain and one α side by side, and plain alone, both through Veer's pipeline. Null: no proxy. */
  compare: comparisonSchema.nullable(),
  /** The same, one input after the other. */
  compareSingle: comparisonSchema.nullable(),
  /** Through the engine process, and the same engine in one process. */
  engineProcess: comparisonSchema,
  /** Files that the engine process is asked for at once, and one after the other. */
  together: comparisonSchema,
  batchSizes: z.array(z.strictObject({ size: z.int(), ratio: spreadSchema })).readonly(),
});
/** Of a bundled model. */
export type ModelMeasurement = z.infer<typeof bundledSchema>;

const madeSchema = z.strictObject({
  setup: setupSchema,
  audioSeconds: z.number().nullable(),
  tokensPerInput: z.number(),
  comparisons: z.array(comparisonSchema).readonly(),
  others: othersSchema,
});
/** Of a model with random weights. */
export type MadeMeasurement = z.infer<typeof madeSchema>;

const startsSchema = z.strictObject({
  threads: z.int().positive(),
  commands: z.array(z.strictObject({ command: z.string(), time: spreadSchema })).readonly(),
});
export type StartsMeasurement = z.infer<typeof startsSchema>;

const entryOf = <Measurement extends z.ZodType>(measurement: Measurement) =>
  z.strictObject({ run: runSchema, measurement });

const benchmarksSchema = z.strictObject({
  format: z.literal('veer-benchmarks'),
  version: z.literal(1),
  /** By dtype, then by model. */
  bundled: z.array(entryOf(bundledSchema)).readonly(),
  made: z.array(entryOf(madeSchema)).readonly(),
  starts: entryOf(startsSchema).nullable(),
});
export type Benchmarks = z.infer<typeof benchmarksSchema>;
export type Entry<Measurement> = { readonly run: BenchmarkRun; readonly measurement: Measurement };

export const NO_BENCHMARKS: Benchmarks = {
  format: 'veer-benchmarks',
  version: 1,
  bundled: [],
  made: [],
  starts: null,
};

/**
 * A new measurement takes the place of the one of the same model and dtype.
 *
 * @param order names of all models
 */
export function withEntry<Measurement extends { readonly setup: z.infer<typeof setupSchema> }>(
  entries: readonly Entry<Measurement>[],
  entry: Entry<Measurement>,
  order: readonly string[],
): readonly Entry<Measurement>[] {
  const placeOf = ({ measurement: { setup } }: Entry<Measurement>) =>
    BENCHMARK_DTYPES.indexOf(setup.dtype) * order.length + order.indexOf(setup.model);
  const place = placeOf(entry);
  return [...entries.filter((one) => placeOf(one) !== place), entry].sort(
    (a, b) => placeOf(a) - placeOf(b),
  );
}

/** @throws Error where the file is missing, ZodError or SyntaxError where it is something else */
export async function readBenchmarks(path: string): Promise<Benchmarks> {
  return benchmarksSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}

export function writeBenchmarks(path: string, benchmarks: Benchmarks): Promise<void> {
  return writeWhole(path, `${jsonOf(benchmarksSchema.parse(benchmarks))}\n`);
}

/** Five significant digits; what holds nothing nested on a line of its own. */
function jsonOf(benchmarks: Benchmarks): string {
  const rounded = (_: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(5)) : value;
  const text = JSON.stringify(benchmarks, rounded, 1);
  // Line ends inside strings are escaped, so none of these is in one.
  return text.replaceAll(/[{[][^{}[\]]*[}\]]/g, (leaf) => leaf.replaceAll(/\n\s*/g, ' '));
}
