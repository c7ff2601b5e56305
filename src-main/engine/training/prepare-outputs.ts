/** From given examples to stored outputs with scores: what training and evaluation share. */

import { join } from 'node:path';
import type { ProxyMetric } from '../../contract/proxy-metric.ts';
import type { FrozenModel, TrainingEvent } from '../../contract/proxy-training.ts';
import { CacheRoom } from './cache-room.ts';
import { EXAMPLE_METRICS } from './example-metric.ts';
import { distinctExamples, type Example, requireScorable } from './examples.ts';
import type { ReadableModel } from './model-inputs.ts';
import { OutputStore } from './output-store.ts';
import { roundTripScores } from './round-trip.ts';
import { storeName, storeOutputs } from './store-outputs.ts';
import type { StoredExample } from './stored-examples.ts';

type SharedEvent = Extract<TrainingEvent, { type: 'progress' | 'skipped' }>;

export interface PrepareOptions {
  readonly input: FrozenModel;
  readonly metric: ProxyMetric;
  readonly decodedAgain: (example: Example) => boolean;
  readonly emit: (event: SharedEvent) => void;
  readonly signal: AbortSignal;
}

export interface Prepared {
  readonly store: OutputStore;
  /** Folder of the store. */
  readonly directory: string;
  readonly stored: readonly StoredExample[];
  /** Given, but not among `stored`. */
  readonly skipped: number;
}

/**
 * @returns an open store: the caller closes it
 * @throws VeerError OPTION_INVALID for examples without what the metric needs, CANCELLED
 */
export async function prepareOutputs<Input>(
  readable: ReadableModel<Input>,
  { input, metric, decodedAgain, emit, signal }: PrepareOptions,
): Promise<Prepared> {
  let skipped = 0;
  const onSkipped = (event: { readonly example: string; readonly reason: string }) => {
    skipped += 1;
    emit({ type: 'skipped', ...event });
  };
  const examples = await distinctExamples(input.examples, signal, onSkipped);
  requireScorable(examples, metric);
  const name = storeName(readable.model);
  const directory = join(input.cacheDirectory, name);
  const store = await OutputStore.open(directory, readable.model.hiddenSize);
  try {
    const room = await CacheRoom.open(input.cacheDirectory, name, input.cacheBytes);
    await storeOutputs(examples, readable, {
      store,
      room,
      decodedAgain,
      signal,
      onSkipped,
      onProgress: (done, total) => emit({ type: 'progress', stage: 'outputs', done, total }),
    });
    const outputs = examples.flatMap((example) => {
      const output = store.get(example.key);
      return output === null ? [] : [{ example, output }];
    });
    const scores = await scoresOf(outputs, readable, { input, metric, emit, signal });
    const stored = outputs.map((one, i) => ({ ...one, score: scores[i] ?? Number.NaN }));
    return { store, directory, stored, skipped };
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
}

function scoresOf<Input>(
  outputs: readonly Omit<StoredExample, 'score'>[],
  { model }: ReadableModel<Input>,
  { input, metric, emit, signal }: Omit<PrepareOptions, 'decodedAgain'>,
): readonly number[] | Promise<readonly number[]> {
  switch (metric) {
    case 'score':
      return outputs.map(({ example }) => example.score ?? Number.NaN);
    case 'log-probability':
      return outputs.map(({ output }) => output.logProbability);
    case 'round-trip-chrf':
      return roundTripScores(outputs, model, {
        input,
        signal,
        onProgress: (done, total) => emit({ type: 'progress', stage: 'scores', done, total }),
      });
    default:
      return outputs.map(({ example, output }) =>
        EXAMPLE_METRICS[metric].score(output.text, example.references),
      );
  }
}
