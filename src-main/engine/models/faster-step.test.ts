/** Rewritten decoders of the tiny families against the originals: equal texts, however they are made. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { MODELS_DIRECTORY } from '../../../e2e/dev-inputs.ts';
import type { DecoderSession } from '../decoding/decoder-session.ts';
import { greedySearch } from '../decoding/greedy.ts';
import { SuppressTokens } from '../decoding/logits-processors.ts';
import { randomStream } from '../decoding/random-stream.ts';
import { CANDIDATES, CHOICE } from '../onnx/editing/screened-vocabulary.ts';
import { Graph } from '../onnx/graph.ts';
import { dimension, floatTensor, int64Tensor } from '../onnx/tensor.ts';
import { CachedDecoderSession } from './cached-decoder-session.ts';
import { type Example, fasterStep } from './faster-step.ts';
import { LaterSteps } from './later-steps.ts';
import { ScreenedDecoderSession } from './screened-decoder-session.ts';
import { ScreenedGraph } from './screened-graph.ts';
import { FAMILY_FOLDERS } from './test-families.ts';

const TOKENS = 12;
const ROWS = 3;
/** More than are screened. */
const MANY_ROWS = 12;
const LENGTH = 7;
/** A decoder of other sizes. */
const OTHER = join(MODELS_DIRECTORY, 'starter-mt-en-de-s/onnx/decoder_model_merged.onnx');
const configSchema = z.looseObject({
  d_model: z.int(),
  d_kv: z.int().optional(),
  decoder_attention_heads: z.int().optional(),
  num_heads: z.int().optional(),
});

async function open(name: string, rows = ROWS) {
  const folder = join(FAMILY_FOLDERS, name);
  const config = configSchema.parse(
    JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')),
  );
  const heads = config.decoder_attention_heads ?? config.num_heads ?? 0;
  const width = config.d_model;
  const path = join(folder, 'onnx/decoder_model_merged.onnx');
  const graph = await Graph.load(path, 'cpu', 1);
  onTestFinished(() => graph.dispose());
  const stream = randomStream(1, name);
  const values = Float32Array.from({ length: rows * LENGTH * width }, () => 4 * stream() - 2);
  const example: Example = {
    hiddenStates: floatTensor(values, [rows, LENGTH, width]),
    masked: graph.inputNames.includes('encoder_attention_mask'),
    shape: { heads, headSize: config.d_kv ?? width / heads },
  };
  return { merged: { path, graph, threads: 1 }, example };
}

function session(first: Graph, next: Graph, { hiddenStates, masked, shape }: Example) {
  const rows = dimension(hiddenStates, 0);
  const mask = masked
    ? int64Tensor(new Array<number>(rows * LENGTH).fill(1), [rows, LENGTH])
    : null;
  return new CachedDecoderSession({ cross: null, first, next }, hiddenStates, mask, shape);
}

const options = (
  suppressed: readonly number[],
  rows = ROWS,
  endOfTextIds: readonly number[] = [],
) => ({
  prompts: Array.from({ length: rows }, (_, row) => [row + 1]),
  processors: [new SuppressTokens(suppressed)],
  endOfTextIds,
  maxNewTokens: TOKENS,
  signal: new AbortController().signal,
  onStep: undefined,
});

describe('a rewritten decoder', () => {
  test.each(['marian', 'm2m100', 'bart', 't5', 'whisper-multilingual'])(
    '%s writes what the original writes',
    async (name) => {
      const { merged, example } = await open(name);
      const faster = await fasterStep(merged, example, 0);
      if (faster === null) throw new Error('The logits of this family are not recognised.');
      onTestFinished(() => faster.graph.dispose());
      const run = vi.spyOn(faster.graph, 'run');
      let suppressed: readonly number[] = [];
      // The second time without any of the tokens that were written the first time.
      for (let round = 0; round < 2; round++) {
        const plain = session(merged.graph, merged.graph, example);
        const screened = new ScreenedDecoderSession(
          session(merged.graph, faster.graph, example),
          faster,
        );
        const expected = await greedySearch(plain, options(suppressed));
        const given = await greedySearch(screened, options(suppressed));
        expect(given.map(({ tokenIds }) => tokenIds)).toEqual(
          expected.map(({ tokenIds }) => tokenIds),
        );
        const probabilities = expected.flatMap((row) => row.tokenLogProbabilities);
        const found = given.flatMap((row) => row.tokenLogProbabilities);
        for (const [i, value] of found.entries()) {
          expect(value).toBeCloseTo(probabilities[i] ?? Number.NaN, 2);
        }
        suppressed = expected.flatMap(({ tokenIds }) => tokenIds);
      }
      const screenedSteps = run.mock.calls.filter(([, outputs]) => outputs.includes(CANDIDATES));
      expect(screenedSteps).toHaveLength(2 * (TOKENS - 1));
    },
  );

  test.each(['marian', 'm2m100', 'bart', 't5', 'whisper-multilingual'])(
    '%s writes the same in more rows than are screened, also where some end early',
    async (name) => {
      const { merged, example } = await open(name, MANY_ROWS);
      const faster = await fasterStep(merged, example, 0);
      if (faster === null) throw new Error('The logits of this family are not recognised.');
      onTestFinished(() => faster.graph.dispose());
      const run = vi.spyOn(faster.graph, 'run');
      const compare = async (search: ReturnType<typeof options>) => {
        const plain = session(merged.graph, merged.graph, example);
        const later = session(merged.graph, faster.graph, example);
        const expected = await greedySearch(plain, search);
        const given = await greedySearch(new ScreenedDecoderSession(later, faster), search);
        for (const [i, { tokenLogProbabilities, ...text }] of given.entries()) {
          expect(text).toEqual({ ...expected[i], tokenLogProbabilities: undefined });
          for (const [t, value] of tokenLogProbabilities.entries()) {
            expect(value).toBeCloseTo(expected[i]?.tokenLogProbabilities[t] ?? Number.NaN, 5);
          }
        }
        return expected;
      };
      const first = await compare(options([], MANY_ROWS));
      // Then with a token that ends a row, and without others that were written.
      const ends = first[0]?.tokenIds.slice(2, 3) ?? [];
      const last = first.flatMap(({ tokenIds }) => tokenIds.slice(-2));
      const suppressed = last.filter((id) => !ends.includes(id));
      const second = await compare(options(suppressed, MANY_ROWS, ends));
      const reasons = new Set(second.map(({ finishReason }) => finishReason));
      expect(reasons).toEqual(new Set(['end-of-text', 'length']));
      const chosen = run.mock.calls.filter(([, outputs]) => outputs.includes(CHOICE));
      expect(chosen).toHaveLength(2 * (TOKENS - 1));
    },
  );

  test('is not made of a small vocabulary, nor one that gives something else', async () => {
    const { merged, example } = await open('marian');
    expect(await fasterStep(merged, example, 2 ** 24)).toBeNull();
    await expect(fasterStep({ ...merged, path: OTHER }, example, 0)).rejects.toThrow();
  });

  test('is left again where its screen hardly ever tells the best token', async () => {
    const { merged, example } = await open('marian');
    const faster = await fasterStep(merged, example, 0);
    if (faster === null) throw new Error('The logits of this family are not recognised.');
    const [run, dispose] = [vi.spyOn(faster.graph, 'run'), vi.spyOn(faster.graph, 'dispose')];
    const screened = new ScreenedGraph(faster.graph, { largestError: 1e9, largestRow: 1e9 });
    const write = async (decoder: DecoderSession) =>
      (await greedySearch(decoder, options([]))).map(({ tokenIds }) => tokenIds);
    const expected = await write(session(merged.graph, merged.graph, example));
    const start = () =>
      new ScreenedDecoderSession(session(merged.graph, faster.graph, example), screened);
    const other = start();
    while (screened.pays) {
      const decoder = start();
      expect(await write(decoder)).toEqual(expected);
      decoder.dispose();
    }
    const tried = run.mock.calls.filter(([, outputs]) => outputs.includes(CANDIDATES));
    expect(tried).toHaveLength(64);
    // Another session still has the graph.
    expect(dispose).not.toHaveBeenCalled();
    expect(await write(other)).toEqual(expected);
    other.dispose();
    await screened.dispose();
    expect(dispose).toHaveBeenCalledOnce();
  });
});

describe('the sessions of a merged decoder', () => {
  const worth = { tokens: 2, bytes: 0 };
  const write = async (steps: LaterSteps, { hiddenStates, shape }: Example) => {
    await steps.prepare(hiddenStates);
    const mask = int64Tensor(new Array<number>(ROWS * LENGTH).fill(1), [ROWS, LENGTH]);
    const decoder = steps.session(hiddenStates, mask, shape);
    const texts = (await greedySearch(decoder, options([]))).map(({ tokenIds }) => tokenIds);
    decoder.dispose();
    return { texts, screened: decoder instanceof ScreenedDecoderSession };
  };

  test('screen the vocabulary after a while', async () => {
    const { merged, example } = await open('marian');
    const steps = new LaterSteps(merged, worth);
    onTestFinished(() => steps.dispose());
    const first = await write(steps, example);
    const second = await write(steps, example);
    const third = await write(steps, example);
    expect([first.screened, second.screened, third.screened]).toEqual([false, false, true]);
    expect(third.texts).toEqual(first.texts);
  });

  test('go on without, and say so once, where no faster graph can be made', async () => {
    const { merged, example } = await open('marian');
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    onTestFinished(() => warn.mockRestore());
    const steps = new LaterSteps({ ...merged, path: OTHER }, worth);
    const written = [];
    for (let round = 0; round < 4; round++) written.push(await write(steps, example));
    expect(written.some(({ screened }) => screened)).toBe(false);
    for (const { texts } of written) expect(texts).toEqual(written[0]?.texts);
    expect(warn).toHaveBeenCalledOnce();
    expect(warn.mock.lastCall?.[0]).toContain('is used as it is');
    await steps.dispose();
  });
});
