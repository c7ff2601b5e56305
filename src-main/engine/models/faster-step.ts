/**
 * A graph of its own for the steps after the first, whose vocabulary is read in 8 bits
 * (docs/decisions/016-speed.md). It is rewritten from a merged decoder, and held against that on an
 * encoder output of the person's own before it is used. It lives in memory only: nothing on disk can be
 * out of date.
 */

import { readFile, stat } from 'node:fs/promises';
import { argmax, mostProbableOf } from '../decoding/greedy.ts';
import type { TokenChoice } from '../decoding/hypothesis.ts';
import { cachedStep } from '../onnx/editing/cached-step.ts';
import { readModel, writeModel } from '../onnx/editing/onnx-file.ts';
import { screenVocabulary } from '../onnx/editing/screened-vocabulary.ts';
import { Graph } from '../onnx/graph.ts';
import { dimension, int64Tensor, selectRows, type Tensor } from '../onnx/tensor.ts';
import { CachedDecoderSession } from './cached-decoder-session.ts';
import { type CacheShape, isSelfAttention, PAST, presentName } from './decoder-caches.ts';
import { ScreenedDecoderSession } from './screened-decoder-session.ts';
import { ScreenedGraph } from './screened-graph.ts';

export interface MergedDecoder {
  readonly path: string;
  readonly graph: Graph;
  readonly threads: number | null;
}

export interface Example {
  /** [rows, T, D] */
  readonly hiddenStates: Tensor;
  readonly masked: boolean;
  readonly shape: CacheShape;
}

/** The weights are held twice, so larger decoders stay as they are. */
const MOST_BYTES = 2 ** 28;
const STEPS = 4;
/** Of logits, times the largest one where that is above 1; and of log-probabilities. */
const TOLERANCE = 1e-4;
const PROBABILITY_TOLERANCE = 3e-3;

/**
 * @param screenedFrom bytes of a vocabulary that is worth screening
 * @returns null where nothing can be rewritten
 * @throws Error where the rewritten graph does not load, or gives something else than the original
 */
export async function fasterStep(
  { path, graph, threads }: MergedDecoder,
  example: Example,
  screenedFrom: number,
): Promise<ScreenedGraph | null> {
  const { size } = await stat(path);
  if (size < screenedFrom || size > MOST_BYTES) return null;
  const presents = graph.inputNames
    .filter((name) => name.startsWith(PAST) && isSelfAttention(name))
    .map(presentName);
  const step = cachedStep(readModel(await readFile(path)), ['logits', ...presents]);
  const screened = step && screenVocabulary(step, screenedFrom);
  if (screened === null) return null;
  const rewritten = await Graph.load(writeModel(screened.model), 'cpu', threads);
  try {
    // Of its own: the steps of a test say nothing about those to come.
    await verify(graph, new ScreenedGraph(rewritten, screened.screen), example);
    return new ScreenedGraph(rewritten, screened.screen);
  } catch (error) {
    await rewritten.dispose();
    throw error;
  }
}

/** @throws Error naming the first difference */
async function verify(
  original: Graph,
  screened: ScreenedGraph,
  { hiddenStates, masked, shape }: Example,
): Promise<void> {
  const one = selectRows(hiddenStates, [0]);
  const length = dimension(one, 1);
  const mask = masked ? int64Tensor(new Array<number>(length).fill(1), [1, length]) : null;
  const session = (next: Graph) =>
    new CachedDecoderSession({ cross: null, first: original, next }, one, mask, shape);
  const [expected, given] = [session(original), session(screened.graph)];
  // As for few rows, and as for many, which are not screened.
  const searching = [undefined, 0].map(
    (mostRows) => new ScreenedDecoderSession(session(screened.graph), screened, mostRows),
  );
  let token = 0;
  for (let step = 0; step < STEPS; step++) {
    const tokens = [[token]];
    const logits = await expected.step(tokens);
    const difference = largestDifference(logits, await given.step(tokens));
    const best = argmax(logits);
    const limit = TOLERANCE * Math.max(1, Math.abs(logits[best] ?? 0));
    if (!(difference <= limit)) throw new Error(`Logits differ by ${difference} at step ${step}.`);
    // The best token is forbidden, so that the next best is asked for too.
    const { id, logProbability } = withoutBest(logits, best);
    for (const decoder of searching) {
      const [choice] = await decoder.mostProbable(tokens, [best]);
      if (choice?.id !== id) throw new Error(`Token ${id} became ${choice?.id}.`);
      if (!(Math.abs(choice.logProbability - logProbability) <= PROBABILITY_TOLERANCE)) {
        throw new Error(`A log-probability of ${logProbability} became ${choice.logProbability}.`);
      }
    }
    token = best;
  }
}

function withoutBest(logits: Float32Array, best: number): TokenChoice {
  const others = Float32Array.from(logits);
  others[best] = Number.NEGATIVE_INFINITY;
  return mostProbableOf(others);
}

/** NaN where a value is. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce(
    (largest, value, i) => Math.max(largest, Math.abs(value - (b[i] ?? Number.NaN))),
    0,
  );
}
