/** The tiny proxies of e2e/fixtures, one per set of step options, in folders as the app reads them. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import {
  PROXY_GRAPH_FILE,
  PROXY_MANIFEST_FILE,
  type ProxyManifest,
} from '../../contract/model-layout.ts';
import { floatTensor, int64Tensor, type Tensor } from '../onnx/tensor.ts';
import { PerturbationProxy } from './proxy.ts';
import type { EncoderOutputs } from './test-encoder-outputs.ts';

const FIXTURES = new URL('../../../e2e/fixtures/proxies/', import.meta.url);
const ENCODER_SHA256 = '0'.repeat(64);

const rows = z.array(z.array(z.array(z.number())));
const tinySchema = z.object({
  encoder_hidden_states: rows,
  attention_mask: z.array(z.array(z.int())),
  alpha: z.array(z.number()),
  proxies: z.array(
    z.object({
      file: z.string(),
      metric: z.enum(['wer', 'chrf']),
      normalisation: z.enum(['raw', 'relative', 'token']),
      preconditioning: z.enum(['none', 'covariance']),
      gate: z.enum(['none', 'predicted-error']),
      perturbed_hidden_states: rows,
      score: z.array(z.number()),
      gradient_norm: z.array(z.number()),
    }),
  ),
});

const tiny = tinySchema.parse(JSON.parse(readFileSync(new URL('expected.json', FIXTURES), 'utf8')));

export const TINY_PROXIES = tiny.proxies;
export type TinyProxy = (typeof TINY_PROXIES)[number];
export const TINY_ALPHAS = tiny.alpha;
export const TINY_WIDTH = tiny.encoder_hidden_states[0]?.[0]?.length ?? 0;

/** 2 rows of 7 positions, the second with padding after 4. */
export function tinyOutputs(): EncoderOutputs {
  const states = tiny.encoder_hidden_states;
  const size = [states.length, states[0]?.length ?? 0];
  const hiddenStates: Tensor = floatTensor(Float32Array.from(states.flat(2)), [
    ...size,
    TINY_WIDTH,
  ]);
  return { hiddenStates, mask: int64Tensor(tiny.attention_mask.flat(), size) };
}

export function tinyGraph({ file }: Pick<TinyProxy, 'file'>): Uint8Array {
  return readFileSync(new URL(file, FIXTURES));
}

/** A tiny proxy loaded as the app loads one, from a folder with a manifest. */
export async function loadTiny(proxy: TinyProxy): Promise<PerturbationProxy> {
  using folder = new ProxyFolder(proxy, tinyGraph(proxy));
  return await folder.load();
}

/** What a manifest says of how a proxy steps. */
export type ProxyKind = Pick<
  ProxyManifest,
  'metric' | 'normalisation' | 'preconditioning' | 'gate'
>;

/** A temporary proxy folder, to be damaged. */
export class ProxyFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'veer-proxy-'));
  readonly graphPath = join(this.path, PROXY_GRAPH_FILE);
  readonly manifestPath = join(this.path, PROXY_MANIFEST_FILE);
  readonly manifest: ProxyManifest;

  constructor(proxy: ProxyKind, graph: Uint8Array) {
    this.manifest = manifestOf(proxy);
    writeFileSync(this.graphPath, graph);
    this.writeManifest({});
  }

  writeManifest(changes: Readonly<Record<string, unknown>>): void {
    writeFileSync(this.manifestPath, JSON.stringify({ ...this.manifest, ...changes }));
  }

  load(options: { readonly sha256?: string; readonly hiddenSize?: number } = {}) {
    const { sha256 = ENCODER_SHA256, hiddenSize = TINY_WIDTH } = options;
    return PerturbationProxy.load({
      directory: this.path,
      device: 'cpu',
      threads: null,
      encoder: { modelId: 'some-model', dtype: 'fp32', sha256 },
      hiddenSize,
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

function manifestOf({ metric, normalisation, preconditioning, gate }: ProxyKind): ProxyManifest {
  return {
    formatVersion: 1,
    id: 'tiny',
    name: 'Tiny proxy',
    task: metric === 'wer' ? 'asr' : 'translation',
    metric,
    direction: metric === 'wer' ? 'lower-is-better' : 'higher-is-better',
    scoreRange: metric === 'wer' ? [0, 1] : [0, 100],
    normalisation,
    preconditioning,
    gate,
    gateThreshold: 0,
    steps: 1,
    mask: 'valid',
    hiddenSize: TINY_WIDTH,
    parameters: 1,
    encoders: {
      fp32: {
        file: 'onnx/encoder_model.onnx',
        sha256: ENCODER_SHA256,
        pearson: 0,
        spearman: 0,
        suggestedAlpha: 0.1,
        gain: 0,
        interval: [0, 0],
        condition: 'untrained',
      },
    },
    trainingData: 'none',
    seed: 5,
    versions: {},
    license: 'MIT',
  };
}
