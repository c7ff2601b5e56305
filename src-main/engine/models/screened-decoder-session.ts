/**
 * A decoder session whose steps can screen their vocabulary: greedy search gets the best token without
 * all logits. Where that is not worth it, or does not tell, the graph computes all logits in float32 and
 * chooses from them itself, which is faster than to copy them and to choose here. For other searches it
 * is the session that it is made around.
 */

import type { DecoderSession } from '../decoding/decoder-session.ts';
import { mostProbableOf } from '../decoding/greedy.ts';
import type { TokenChoice } from '../decoding/hypothesis.ts';
import {
  ALL_LOGITS,
  CANDIDATES,
  CHOICE,
  CHOICE_OUTPUTS,
  CHOOSE,
  EXACT,
  FORBIDDEN,
  HIDDEN,
  LOG_PROBABILITY,
  LOG_SUM,
  ROUGH,
  SCREEN_OUTPUTS,
  type Screen,
} from '../onnx/editing/screened-vocabulary.ts';
import type { Tensors } from '../onnx/graph.ts';
import { boolTensor, dimension, floatData, int64Tensor } from '../onnx/tensor.ts';
import type { CachedDecoderSession } from './cached-decoder-session.ts';
import { required } from './decoder-caches.ts';
import { screenedChoice } from './screened-choice.ts';
import type { ScreenedGraph } from './screened-graph.ts';

/** With more rows a step is bound by arithmetic, no longer by the weights that it reads. */
const MOST_ROWS = 8;

export class ScreenedDecoderSession implements DecoderSession {
  readonly vocabulary: number | null;
  readonly #session: CachedDecoderSession;
  readonly #screened: ScreenedGraph;
  readonly #mostRows: number;

  /**
   * @param session whose later steps run on the graph of `screened`
   * @param mostRows of a step that is screened
   */
  constructor(session: CachedDecoderSession, screened: ScreenedGraph, mostRows = MOST_ROWS) {
    this.vocabulary = session.vocabulary;
    this.#session = session;
    this.#screened = screened;
    this.#mostRows = mostRows;
    screened.open();
  }

  async mostProbable(
    tokens: readonly (readonly number[])[],
    forbidden: readonly number[],
  ): Promise<readonly TokenChoice[]> {
    const [session, screened] = [this.#session, this.#screened];
    // The graph of the first step knows nothing of this.
    if (session.tokensRead === 0) {
      return mostProbableOfRows(await session.step(tokens), tokens.length, forbidden);
    }
    const excluded = { [FORBIDDEN]: int64Tensor(forbidden, [forbidden.length]) };
    if (screened.pays && tokens.length <= this.#mostRows) {
      const screening = { ...excluded, [ALL_LOGITS]: boolTensor(false) };
      const outputs = await session.try(tokens, screening, SCREEN_OUTPUTS);
      const choices = screenedChoices(outputs, screened.screen);
      const told = choices.length === tokens.length;
      screened.record(told);
      if (told) {
        session.accept(tokens, outputs);
        return choices;
      }
    }
    const choosing = { ...excluded, [CHOOSE]: boolTensor(true) };
    const outputs = await session.try(tokens, choosing, CHOICE_OUTPUTS);
    session.accept(tokens, outputs);
    return choicesOf(outputs);
  }

  step(tokens: readonly (readonly number[])[]): Promise<Float32Array> {
    return this.#session.step(tokens);
  }

  peek(rows: readonly number[], tokens: readonly (readonly number[])[]): Promise<Float32Array> {
    return this.#session.peek(rows, tokens);
  }

  keepRows(rows: readonly number[]): void {
    this.#session.keepRows(rows);
  }

  reorderRows(parents: readonly number[]): void {
    this.#session.reorderRows(parents);
  }

  dispose(): void {
    this.#session.dispose();
    void this.#screened.close();
  }
}

/** [rows × vocabulary]. */
function mostProbableOfRows(
  logits: Float32Array,
  rows: number,
  forbidden: readonly number[],
): readonly TokenChoice[] {
  const size = logits.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    const own = logits.subarray(row * size, (row + 1) * size);
    for (const id of forbidden) own[id] = Number.NEGATIVE_INFINITY;
    return mostProbableOf(own);
  });
}

/** Of the last position of every row, from all logits. */
function choicesOf(outputs: Tensors): readonly TokenChoice[] {
  const ids = required(outputs, CHOICE);
  const logProbabilities = floatData(required(outputs, LOG_PROBABILITY));
  const [rows, positions] = [dimension(ids, 0), dimension(ids, 1)];
  return Array.from({ length: rows }, (_, row) => {
    const last = (row + 1) * positions - 1;
    return {
      id: Number((ids.data as BigInt64Array)[last]),
      logProbability: logProbabilities[last] ?? Number.NaN,
    };
  });
}

/** Of the last position of every row; those that a screen makes certain. */
function screenedChoices(outputs: Tensors, screen: Screen): readonly TokenChoice[] {
  const candidates = required(outputs, CANDIDATES);
  const ids = candidates.data as BigInt64Array;
  const [rows, positions] = [dimension(candidates, 0), dimension(candidates, 1)];
  const last = <T extends Float32Array | BigInt64Array>(data: T, row: number): T => {
    const size = data.length / (rows * positions);
    const end = (row + 1) * positions * size;
    return data.subarray(end - size, end) as T;
  };
  const values = (name: string) => floatData(required(outputs, name));
  const [rough, exact, hidden] = [values(ROUGH), values(EXACT), values(HIDDEN)];
  const logSums = values(LOG_SUM);
  return Array.from({ length: rows }, (_, row) =>
    screenedChoice(
      {
        candidates: last(ids, row),
        rough: last(rough, row),
        exact: last(exact, row),
        logSum: last(logSums, row)[0] ?? Number.NaN,
        hidden: last(hidden, row),
      },
      screen,
    ),
  ).flatMap((choice) => choice ?? []);
}
