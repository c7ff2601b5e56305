/**
 * Whether a recording gives in a batch, bit for bit, what it gives alone (README.md):
 *
 *   node batch-equals-alone.ts MODEL DTYPE PROMPTS [--recordings 16] [--batch 8] [--steps 20] [--language en]
 *
 * Prints how many recordings have equal encoder outputs, equal logits in all steps, and equal ids.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { weightsSchema } from '../../../src-main/contract/devices.ts';
import {
  EncoderDecoderGraphs,
  WHISPER_INPUTS,
} from '../../../src-main/engine/models/encoder-decoder-graphs.ts';
import { loadModel } from '../../../src-main/engine/models/factory.ts';
import type { Encoded } from '../../../src-main/engine/models/model.ts';
import { openModelFolder } from '../../../src-main/engine/models/model-folder.ts';
import { WhisperModel } from '../../../src-main/engine/models/whisper/whisper.ts';
import { floatData } from '../../../src-main/engine/onnx/tensor.ts';
import { readSamples } from '../../dev-inputs.ts';

/** What a recording gives. */
interface RowResult {
  readonly hidden: Float32Array;
  /** Of each step, [vocabulary]. */
  readonly logits: readonly Float32Array[];
  readonly ids: readonly number[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    recordings: { type: 'string', default: '16' },
    batch: { type: 'string', default: '8' },
    steps: { type: 'string', default: '20' },
    language: { type: 'string', default: 'en' },
  },
});
const [directory, dtype, prompts] = positionals;
if (!directory || !dtype || !prompts) throw new Error('MODEL DTYPE PROMPTS');
const batch = Number(values.batch);
const signal = new AbortController().signal;
const weights = weightsSchema.parse(dtype);
const loading = { directory, dtype: weights, device: 'cpu', threads: 1, language: null } as const;
const model = await loadModel(loading);
if (!(model instanceof WhisperModel)) throw new Error(`${directory} is no Whisper model.`);
const folder = await openModelFolder(directory, weights);
const graphs = await EncoderDecoderGraphs.load(folder, WHISPER_INPUTS, 'cpu', 1);
const config = JSON.parse(await readFile(join(directory, 'config.json'), 'utf8'));
const heads = Number(config.decoder_attention_heads);
const shape = { heads, headSize: model.hiddenSize / heads };

/** Greedy over all tokens; equal logits lead to equal steps. */
async function stepLogits(encoded: Encoded, rows: number): Promise<readonly Float32Array[][]> {
  const session = graphs.decoderSession(encoded.hiddenStates, null, shape);
  let tokens = Array.from({ length: rows }, () => [folder.generation.decoder_start_token_id]);
  const found: Float32Array[][] = Array.from({ length: rows }, () => []);
  for (let step = 0; step < Number(values.steps); step++) {
    const logits = await session.step(tokens);
    const vocabulary = logits.length / rows;
    tokens = found.map((own, row) => {
      const part = logits.slice(row * vocabulary, (row + 1) * vocabulary);
      own.push(part);
      return [part.reduce((best, value, id) => (value > (part[best] ?? 0) ? id : best), 0)];
    });
  }
  session.dispose();
  return found;
}

async function results(
  speech: WhisperModel,
  windows: readonly Float32Array[],
): Promise<RowResult[]> {
  const encoded = await speech.encode(speech.prepare(windows));
  const hidden = floatData(encoded.hiddenStates);
  const size = hidden.length / windows.length;
  const logits = await stepLogits(encoded, windows.length);
  const run = speech.run(null, values.language);
  const outputs = await run.decode(encoded, { signal, onStep: undefined });
  return outputs.map(({ tokenIds }, row) => ({
    hidden: hidden.slice(row * size, (row + 1) * size),
    logits: logits[row] ?? [],
    ids: tokenIds,
  }));
}

function sameBits(some: Float32Array, others: Float32Array | undefined): boolean {
  return others !== undefined && Buffer.from(some.buffer).equals(Buffer.from(others.buffer));
}

const table = await readFile(join(prompts, 'prompts.tsv'), 'utf8');
const rows = table.split('\n').map((row) => row.split('\t'));
const files = rows.flatMap(([file, language]) =>
  file && language === values.language ? [file] : [],
);
// From all over the list, so that long and short ones meet in a batch.
const every = Math.floor(files.length / Number(values.recordings));
const chosen = files.filter((_, i) => i % every === 0).slice(0, Number(values.recordings));
const windows = await Promise.all(chosen.map((file) => readSamples(join(prompts, file))));
const alone: RowResult[] = [];
for (const window of windows) alone.push(...(await results(model, [window])));
const together: RowResult[] = [];
for (let from = 0; from < windows.length; from += batch) {
  together.push(...(await results(model, windows.slice(from, from + batch))));
}
const count = (isSame: (own: RowResult, other: RowResult | undefined) => boolean) =>
  alone.filter((own, i) => isSame(own, together[i])).length;
const lines = [
  ['encoder outputs', count((own, other) => sameBits(own.hidden, other?.hidden))],
  [
    `logits of ${values.steps} steps`,
    count((own, other) => own.logits.every((part, i) => sameBits(part, other?.logits[i]))),
  ],
  ['ids', count((own, other) => own.ids.join() === other?.ids.join())],
] as const;
for (const [what, same] of lines) {
  process.stdout.write(`${dtype}: ${what} equal in ${same} of ${windows.length}\n`);
}
await graphs.dispose();
await model.dispose();
