/**
 * Trains a proxy for a frozen model (METHOD of docs/proxies.md): outputs of the model are made once
 * and stored; the proxy is fitted to them, measured as any proxy is, and put beside the model.
 */

import { digestOf, splitOf } from './examples.ts';
import { fitEnsemble } from './fit-ensemble.ts';
import { withReadableModel } from './load-readable.ts';
import { measureProxy } from './measure-proxy.ts';
import type { ReadableModel } from './model-inputs.ts';
import { prepareOutputs } from './prepare-outputs.ts';
import { ProxyFolder } from './proxy-folder.ts';
import { proxyManifest } from './proxy-manifest.ts';
import type { StoredExample } from './stored-examples.ts';
import { splitUp, type TrainingRun } from './training-run.ts';

/**
 * @throws VeerError as `loadModel`, PROXY_EXISTS, OPTION_INVALID, OUTPUT_NOT_WRITABLE, DISK_FULL,
 *   CANCELLED
 */
export function trainProxy(run: TrainingRun): Promise<void> {
  return withReadableModel(run.input, (readable) => trainFor(readable, run));
}

async function trainFor<Input>(readable: ReadableModel<Input>, run: TrainingRun): Promise<void> {
  const { input, emit, signal } = run;
  const { metric, fit } = input;
  const folder = await ProxyFolder.open(input.modelDirectory, input.id, input.replace);
  try {
    const started = performance.now();
    const decodedAgain = (example: StoredExample['example']) =>
      splitOf(example, fit.seed) !== 'train';
    const prepared = await prepareOutputs(readable, { input, metric, decodedAgain, emit, signal });
    await using store = prepared.store;
    const splits = splitUp(prepared.stored, fit.seed);
    const outputsDone = performance.now();
    const digest = digestOf(prepared.stored.map(({ example }) => example));
    const fitted = await fitEnsemble({ ...run, readable, prepared, splits, digest });
    const fitDone = performance.now();
    await folder.writeGraph(fitted.graph);
    // Measured as the engine uses it: loaded from a folder, with nothing claimed yet.
    const facts = { ...fitted, readable, input, splits, digest, skipped: prepared.skipped };
    await folder.writeManifest(proxyManifest({ ...facts, measured: null, seconds: null }));
    const measured = await measureProxy({ readable, input, splits, store, emit, signal, folder });
    const seconds = {
      outputs: since(started, outputsDone),
      fit: since(outputsDone, fitDone),
      measure: since(fitDone, performance.now()),
    };
    const manifest = proxyManifest({ ...facts, measured, seconds });
    await folder.writeManifest(manifest);
    const directory = await folder.publish();
    await fitted.forget();
    if (manifest.training === undefined) throw new Error('unreachable: it was just made');
    emit({
      type: 'trained',
      directory,
      parameters: manifest.parameters,
      suggestedAlpha: measured.suggestedAlpha,
      record: manifest.training,
    });
  } catch (error) {
    await folder.discard();
    throw error;
  }
}

function since(start: number, end: number): number {
  return Math.round(end - start) / 1000;
}
