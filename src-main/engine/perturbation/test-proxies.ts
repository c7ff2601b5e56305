/** Proxies for tests: the bundled ones with their encoders, and the tiny ones of e2e/fixtures. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { graphFiles, PROXY_GRAPH_FILE } from '../../contract/model-layout.ts';
import { sha256OfFile } from '../files/sha256.ts';
import { PerturbationProxy } from './proxy.ts';
import { type EncoderOutputs, speechOutputs, translationOutputs } from './test-encoder-outputs.ts';
import { loadTiny, TINY_PROXIES, tinyGraphPath, tinyOutputs } from './test-tiny-proxies.ts';

const ROOT = new URL('../../../', import.meta.url);

export interface BundledProxy {
  readonly name: string;
  readonly directory: string;
  readonly encoderPath: string;
  readonly hiddenSize: number;
  readonly outputs: (encoderPath: string) => Promise<EncoderOutputs>;
}

function bundled(
  model: string,
  name: string,
  hiddenSize: number,
  outputs: BundledProxy['outputs'],
): BundledProxy {
  const folder = fileURLToPath(new URL(`models/${model}`, ROOT));
  const directory = join(folder, 'proxies', name);
  const encoderPath = join(folder, graphFiles('fp32').encoder);
  return { name, directory, encoderPath, hiddenSize, outputs };
}

export const BUNDLED_PROXIES: readonly BundledProxy[] = [
  bundled('starter-asr-en', 'wer-attention', 160, speechOutputs),
  bundled('starter-mt-en-de', 'chrf-attention', 256, translationOutputs),
];

export async function loadBundled(proxy: BundledProxy): Promise<PerturbationProxy> {
  return PerturbationProxy.load({
    directory: proxy.directory,
    device: 'cpu',
    threads: null,
    encoder: { modelId: 'test', dtype: 'fp32', sha256: await sha256OfFile(proxy.encoderPath) },
    hiddenSize: proxy.hiddenSize,
  });
}

/** Every proxy there is, with encoder outputs of its own size. */
export const PROXY_CASES = [
  ...BUNDLED_PROXIES.map((proxy) => ({
    name: proxy.name,
    graph: join(proxy.directory, PROXY_GRAPH_FILE),
    load: () => loadBundled(proxy),
    encode: () => proxy.outputs(proxy.encoderPath),
  })),
  ...TINY_PROXIES.map((proxy) => ({
    name: proxy.file,
    graph: tinyGraphPath(proxy),
    load: () => loadTiny(proxy),
    encode: () => Promise.resolve(tinyOutputs()),
  })),
];
