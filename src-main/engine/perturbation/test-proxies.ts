/** Proxies for tests: the bundled ones with their encoders, and the tiny ones of e2e/fixtures. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { MODELS_DIRECTORY, RECOGNISERS, TRANSLATORS } from '../../../e2e/dev-inputs.ts';
import {
  CONFIG_FILE,
  graphFiles,
  PROXIES_DIRECTORY,
  PROXY_GRAPH_FILE,
} from '../../contract/model-layout.ts';
import { readJsonFile } from '../files/json-file.ts';
import { sha256OfFile } from '../files/sha256.ts';
import { PerturbationProxy } from './proxy.ts';
import { type EncoderOutputs, speechOutputs, translationOutputs } from './test-encoder-outputs.ts';
import { loadTiny, TINY_PROXIES, tinyGraph, tinyOutputs } from './test-tiny-proxies.ts';
import { loadTrained, TRAINED_CASES, trainedGraph } from './test-trained-proxies.ts';

export interface BundledProxy {
  /** Of the model. */
  readonly name: string;
  readonly modelDirectory: string;
  readonly directory: string;
  readonly encoderPath: string;
  readonly outputs: (modelDirectory: string) => Promise<EncoderOutputs>;
}

function bundled(model: string, id: string, outputs: BundledProxy['outputs']): BundledProxy {
  const modelDirectory = join(MODELS_DIRECTORY, model);
  return {
    name: model,
    modelDirectory,
    directory: join(modelDirectory, PROXIES_DIRECTORY, id),
    encoderPath: join(modelDirectory, graphFiles('fp32').encoder),
    outputs,
  };
}

export const BUNDLED_PROXIES: readonly BundledProxy[] = [
  ...RECOGNISERS.map((model) => bundled(model, 'wer-attention', speechOutputs)),
  ...TRANSLATORS.map((model) => bundled(model, 'chrf-attention', translationOutputs)),
];

export async function loadBundled(proxy: BundledProxy): Promise<PerturbationProxy> {
  const errors = { missing: 'MODEL_FILE_MISSING', invalid: 'MODEL_CONFIG_INVALID' } as const;
  const config = z.looseObject({ d_model: z.int() });
  const path = join(proxy.modelDirectory, CONFIG_FILE);
  return PerturbationProxy.load({
    directory: proxy.directory,
    device: 'cpu',
    threads: null,
    encoder: { modelId: 'test', dtype: 'fp32', sha256: await sha256OfFile(proxy.encoderPath) },
    hiddenSize: (await readJsonFile(path, config, errors)).d_model,
  });
}

/** Every proxy there is, with encoder outputs of its own size. */
export const PROXY_CASES = [
  ...BUNDLED_PROXIES.map((proxy) => ({
    name: proxy.name,
    graph: () => readFileSync(join(proxy.directory, PROXY_GRAPH_FILE)),
    load: () => loadBundled(proxy),
    encode: () => proxy.outputs(proxy.modelDirectory),
  })),
  ...TINY_PROXIES.map((proxy) => ({
    name: proxy.file,
    graph: () => tinyGraph(proxy),
    load: () => loadTiny(proxy),
    encode: () => Promise.resolve(tinyOutputs()),
  })),
  ...TRAINED_CASES.map((proxy) => ({
    name: proxy.name,
    graph: () => trainedGraph(proxy),
    load: () => loadTrained(proxy),
    encode: () => Promise.resolve(tinyOutputs()),
  })),
];
