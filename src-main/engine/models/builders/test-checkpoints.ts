/** Tiny checkpoints, their graphs, and what the Python library computes with them (e2e/fixtures/checkpoints). */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { FIXTURES } from '../../../../e2e/dev-inputs.ts';
import type { MadeDtype } from '../../../contract/model-import.ts';
import { graphFiles } from '../../../contract/model-layout.ts';
import type { Tensors } from '../../onnx/graph.ts';
import { floatTensor, int64Tensor, type Tensor } from '../../onnx/tensor.ts';
import { openSafetensors } from '../../weights/safetensors.ts';
import type { WeightTable } from '../../weights/weight-table.ts';
import type { CacheShape } from '../decoder-caches.ts';
import { EncoderDecoderGraphs, TEXT_INPUTS, WHISPER_INPUTS } from '../encoder-decoder-graphs.ts';
import { buildGraphs } from './build-graphs.ts';

export const CHECKPOINTS = join(FIXTURES, 'checkpoints');
export const CHECKPOINT_NAMES = [
  'whisper',
  'marian',
  'bart',
  'mbart50',
  'm2m100',
  'nllb',
  't5',
  't5-gated',
  'mt5',
  'madlad',
] as const;

const ids = z.array(z.int());
const tensorSchema = z.object({
  shape: ids,
  largest: z.number(),
  norm: z.number(),
  values: z.array(z.number()),
});
const referenceSchema = z.object({
  prompt: ids,
  maxNewTokens: z.int(),
  end: z.int(),
  banned: ids,
  cases: z.array(
    z.object({
      inputIds: ids.optional(),
      features: z.int().optional(),
      greedy: ids,
      beams: ids,
      greedyScore: z.number(),
      beamsScore: z.number(),
    }),
  ),
  layers: z.array(
    z.object({ case: z.int(), decoderIds: ids, tensors: z.record(z.string(), tensorSchema) }),
  ),
});
type Reference = z.infer<typeof referenceSchema>;
export type ReferenceCase = Reference['cases'][number];
export type ReferenceTensor = z.infer<typeof tensorSchema>;

/**
 * Without cases that write the padding token of M2M100 and NLLB: random weights do, and transformers does not
 * count it among the positions of what follows.
 */
async function readReference(name: string): Promise<Reference> {
  const path = join(CHECKPOINTS, name, 'reference.json');
  const reference = referenceSchema.parse(await readJson(path));
  const { model_type: type, pad_token_id: padding } = await readConfig(name);
  if (type !== 'm2m_100') return reference;
  const cases = reference.cases.filter(
    ({ greedy, beams }) => ![...greedy, ...beams].includes(Number(padding)),
  );
  return { ...reference, cases };
}

export async function readConfig(name: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readJson(join(CHECKPOINTS, name, 'config.json'));
  return z.record(z.string(), z.unknown()).parse(text);
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

/** Builds the graphs of a table into a folder of its own; the caller deletes it. */
async function graphsOf(
  config: Readonly<Record<string, unknown>>,
  weights: WeightTable,
  dtype: MadeDtype,
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'veer-graphs-'));
  const { signal } = new AbortController();
  await buildGraphs({ config, weights, directory, dtype, signal, onProgress: () => undefined });
  return directory;
}

export interface OpenedCheckpoint {
  readonly graphs: EncoderDecoderGraphs;
  readonly close: () => Promise<void>;
  readonly hiddenSize: number;
  readonly cache: CacheShape;
  readonly reference: Reference;
}

/** The graphs of a checkpoint in a dtype, opened; the caller disposes of them. */
export async function openCheckpoint(name: string, dtype: MadeDtype): Promise<OpenedCheckpoint> {
  const config = await readConfig(name);
  const weights = await openSafetensors(join(CHECKPOINTS, name, 'model.safetensors'));
  try {
    const directory = await graphsOf(config, weights, dtype);
    const { encoder, ownDecoder, alignment } = graphFiles(dtype, '');
    const [cross, step] = ownDecoder.map((file) => join(directory, file)) as [string, string];
    const files = { kind: 'own', cross, step, alignment: join(directory, alignment) } as const;
    const paths = { encoderPath: join(directory, encoder), decoder: files };
    const inputs = name === 'whisper' ? WHISPER_INPUTS : TEXT_INPUTS;
    const graphs = await EncoderDecoderGraphs.load(paths, inputs, 'cpu', 1);
    const close = async () => {
      await graphs.dispose();
      await rm(directory, { recursive: true });
    };
    return { graphs, close, ...shapesOf(config), reference: await readReference(name) };
  } finally {
    await weights.close();
  }
}

function shapesOf(config: Readonly<Record<string, unknown>>) {
  const number = (name: string) => Number(config[name]);
  const hiddenSize = number('d_model');
  const heads = number('num_heads') || number('decoder_attention_heads');
  return { hiddenSize, cache: { heads, headSize: number('d_kv') || hiddenSize / heads } };
}

const BANDS = 80;
const FRAMES = 200;

/** The encoder's inputs for some cases; shorter texts are padded. */
export function feedsOf(cases: readonly ReferenceCase[]): {
  readonly feeds: Tensors;
  readonly mask: Tensor | null;
} {
  if (cases[0]?.inputIds === undefined) {
    const data = new Float32Array(cases.length * BANDS * FRAMES);
    for (const [row, { features = 0 }] of cases.entries()) {
      data.set(featuresOf(features), row * BANDS * FRAMES);
    }
    const input_features = floatTensor(data, [cases.length, BANDS, FRAMES]);
    return { feeds: { input_features }, mask: null };
  }
  const rows = cases.map(({ inputIds = [] }) => inputIds);
  const length = Math.max(...rows.map((row) => row.length));
  const at = (value: (row: readonly number[], t: number) => number) =>
    int64Tensor(
      rows.flatMap((row) => Array.from({ length }, (_, t) => value(row, t))),
      [rows.length, length],
    );
  const mask = at((row, t) => (t < row.length ? 1 : 0));
  return { feeds: { input_ids: at((row, t) => row[t] ?? 1), attention_mask: mask }, mask };
}

/** As the README of the fixtures says. */
function featuresOf(n: number): Float32Array {
  const tri = (p: number) => Math.abs((p % 128) - 64);
  return Float32Array.from({ length: BANDS * FRAMES }, (_, i) => {
    const [m, f] = [Math.floor(i / FRAMES), i % FRAMES];
    const slow = tri(f * (1 + (n % 9)) + 5 * m * (1 + (n % 4)) + 31 * n);
    return (slow + tri(7 * f + m * (3 + (n % 13))) - 64) / 64;
  });
}
