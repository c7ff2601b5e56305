/**
 * What Veer writes with a Whisper folder, recording by recording, one row at a time and greedy, in the format
 * of oracle.py's lines (README.md):
 *
 *   node veer-outputs.ts MODEL DTYPE PROMPTS OUT.jsonl [--language fr] [--limit 100] [--features FOLDER]
 *     [--oracle ORACLE.jsonl] [--plain] [--threads 1]
 *
 * --plain leaves out timestamps and times of words. --oracle takes the recordings of that file, and says by how
 * much the model prefers its own token where the ids are others. --features takes the features of that folder;
 * without it Veer makes its own.
 */

import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { weightsSchema } from '../../../src-main/contract/devices.ts';
import { PLAIN_SPEECH } from '../../../src-main/contract/speech.ts';
import type { RowOutput } from '../../../src-main/engine/decoding/hypothesis.ts';
import { loadModel } from '../../../src-main/engine/models/factory.ts';
import type { Encoded } from '../../../src-main/engine/models/model.ts';
import { WhisperModel } from '../../../src-main/engine/models/whisper/whisper.ts';
import { floatTensor } from '../../../src-main/engine/onnx/tensor.ts';
import { readSamples } from '../../dev-inputs.ts';
import { logProgress } from '../../progress.ts';
import { type OutputLine, type Pass, readOutputLines } from './oracle-lines.ts';

const signal = new AbortController().signal;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    language: { type: 'string' },
    limit: { type: 'string', default: 'Infinity' },
    features: { type: 'string' },
    oracle: { type: 'string' },
    plain: { type: 'boolean', default: false },
    threads: { type: 'string', default: '1' },
  },
});
const [directory, dtype, prompts, out] = positionals;
if (!directory || !dtype || !prompts || !out) throw new Error('MODEL DTYPE PROMPTS OUT.jsonl');

/** Recordings by language, at most `limit` of each, of the oracle where there is one. */
async function recordings(
  oracle: ReadonlyMap<string, OutputLine> | null,
): Promise<readonly { readonly file: string; readonly language: string }[]> {
  const table = await readFile(join(prompts ?? '', 'prompts.tsv'), 'utf8');
  const counts = new Map<string, number>();
  return table.split('\n').flatMap((row) => {
    const [file, language] = row.split('\t');
    if (!file || !language || (values.language ?? language) !== language) return [];
    if (oracle !== null && !oracle.has(file)) return [];
    const count = (counts.get(language) ?? 0) + 1;
    counts.set(language, count);
    return count <= Number(values.limit) ? [{ file, language }] : [];
  });
}

async function encode(model: WhisperModel, file: string): Promise<Encoded> {
  const batch = model.prepare([await readSamples(join(prompts ?? '', file))]);
  if (values.features === undefined) return model.encode(batch);
  const bytes = await readFile(join(values.features, file.replace(/\.wav$/, '.f32')));
  const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const dims = batch.feeds['input_features']?.dims ?? [];
  return model.encode({ ...batch, feeds: { input_features: floatTensor(numbers, [...dims]) } });
}

interface Asked {
  readonly language: string;
  readonly timestamps: boolean;
  readonly theirs: Pass | undefined;
}

async function pass(model: WhisperModel, encoded: Encoded, asked: Asked): Promise<Pass> {
  const { language, timestamps, theirs } = asked;
  const run = model.run({ ...PLAIN_SPEECH, timestamps, wordTimes: !values.plain }, language);
  const [output] = await run.decode(encoded, { signal, onStep: undefined });
  if (output === undefined) throw new Error('The model gave no row.');
  const { tokenIds: ids, details } = output;
  const gap = async (at: number) => {
    const ours = await lastLogProbability(ids, at);
    return ours - (await lastLogProbability(theirs?.ids ?? [], at));
  };
  const lastLogProbability = async (of: readonly number[], at: number) => {
    const ended = at >= of.length;
    const given = { tokenIds: of.slice(0, at + 1), finishReason: ended ? 'end-of-text' : 'length' };
    const [judged] = await run.decode(encoded, {
      signal,
      onStep: undefined,
      given: [given as Pick<RowOutput, 'tokenIds' | 'finishReason'>],
    });
    return judged?.tokenLogProbabilities[at] ?? Number.NaN;
  };
  const at = theirs === undefined ? -1 : firstDifference(ids, theirs.ids);
  const [own = null, other = null] = [ids[at], theirs?.ids[at]];
  return {
    ids: [...ids],
    text: run.text(ids),
    logProbability: output.tokenLogProbabilities.reduce((sum, value) => sum + value, 0),
    words: (details?.words ?? []).map(({ text: word, start, end }) => ({ word, start, end })),
    ...(at >= 0 && { difference: { at, ours: own, theirs: other, gap: await gap(at) } }),
  };
}

/** −1 where there is none. */
function firstDifference(some: readonly number[], others: readonly number[]): number {
  const length = Math.max(some.length, others.length);
  return Array.from({ length }, (_, i) => i).findIndex((i) => some[i] !== others[i]);
}

const lines = values.oracle === undefined ? null : await readOutputLines(values.oracle);
const oracle = lines && new Map(lines.map((line) => [line.file, line]));
const model = await loadModel({
  directory,
  dtype: weightsSchema.parse(dtype),
  device: 'cpu',
  threads: Number(values.threads),
  language: null,
});
if (!(model instanceof WhisperModel)) throw new Error(`${directory} is no Whisper model.`);
const stream = createWriteStream(out);
const all = await recordings(oracle);
for (const [i, { file, language }] of all.entries()) {
  const encoded = await encode(model, file);
  const theirs = oracle?.get(file);
  const asked = { language, timestamps: false, theirs: theirs?.withoutTimestamps };
  const withoutTimestamps = await pass(model, encoded, asked);
  const timed = { language, timestamps: true, theirs: theirs?.withTimestamps };
  const withTimestamps = values.plain ? undefined : await pass(model, encoded, timed);
  const { text } = withoutTimestamps;
  const line = { file, language, text, withoutTimestamps, withTimestamps };
  stream.write(`${JSON.stringify(line)}\n`);
  if (i % 10 === 9) logProgress(`${dtype}: ${i + 1} of ${all.length}`);
}
stream.end();
await finished(stream);
await model.dispose();
