/** What the rewritten graph chooses from all logits, against the same in JavaScript. */

import { expect, onTestFinished, test } from 'vitest';
import { mostProbableOf } from '../../decoding/greedy.ts';
import { randomStream } from '../../decoding/random-stream.ts';
import { matMul } from '../autodiff/operations/mat-mul.ts';
import { Graph } from '../graph.ts';
import { GraphBuilder } from '../graph-builder/graph-builder.ts';
import { boolTensor, floatTensor, int64Tensor } from '../tensor.ts';
import { readModel, writeModel } from './onnx-file.ts';
import {
  ALL_LOGITS,
  CHOICE,
  CHOICE_OUTPUTS,
  CHOOSE,
  FORBIDDEN,
  LOG_PROBABILITY,
  screenVocabulary,
} from './screened-vocabulary.ts';

const [ROWS, POSITIONS, WIDTH, VOCABULARY] = [12, 2, 16, 600];

/** Whole numbers, so that logits are exact, and many are equal. */
function wholeNumbers(length: number, name: string): Float32Array {
  const stream = randomStream(1, name);
  return Float32Array.from({ length }, () => Math.floor(5 * stream()) - 2);
}

async function rewritten(): Promise<Graph> {
  const g = new GraphBuilder();
  const hidden = g.input('hidden', 'real', ['rows', 'positions', WIDTH]);
  const table = g.real(wholeNumbers(WIDTH * VOCABULARY, 'table'), [WIDTH, VOCABULARY]);
  const file = readModel(g.build({ logits: matMul(g, hidden, table) }));
  const screened = screenVocabulary(file, 0);
  if (screened === null) throw new Error('The logits are not recognised.');
  const graph = await Graph.load(writeModel(screened.model), 'cpu', 2);
  onTestFinished(() => graph.dispose());
  return graph;
}

test.each([0, 1e3])('the first of the best tokens is chosen, logits %d higher', async (higher) => {
  const graph = await rewritten();
  const hidden = wholeNumbers(ROWS * POSITIONS * WIDTH, 'hidden').map((value) => value + higher);
  const feeds = {
    hidden: floatTensor(hidden, [ROWS, POSITIONS, WIDTH]),
    [ALL_LOGITS]: boolTensor(true),
  };
  let forbidden: readonly number[] = [];
  let equals = 0;
  // Again without the tokens that were chosen before.
  for (let round = 0; round < 3; round++) {
    const ids = int64Tensor(forbidden, [forbidden.length]);
    const [all, choosing] = [false, true].map((choose) => {
      return { ...feeds, [CHOOSE]: boolTensor(choose), [FORBIDDEN]: ids };
    });
    const { logits } = await graph.run(all ?? {}, ['logits']);
    const outputs = await graph.run(choosing ?? {}, CHOICE_OUTPUTS);
    expect(outputs[CHOICE].dims).toEqual([ROWS, POSITIONS, 1]);
    const chosen = Array.from(outputs[CHOICE].data as BigInt64Array, Number);
    const expected = chosen.map((_, i) => {
      const own = logits.data.slice(i * VOCABULARY, (i + 1) * VOCABULARY) as Float32Array;
      for (const id of forbidden) own[id] = Number.NEGATIVE_INFINITY;
      const choice = mostProbableOf(own);
      equals += own.filter((value) => value === own[choice.id]).length - 1;
      return choice;
    });
    expect(chosen).toEqual(expected.map(({ id }) => id));
    for (const [i, value] of (outputs[LOG_PROBABILITY].data as Float32Array).entries()) {
      expect(value).toBeCloseTo(expected[i]?.logProbability ?? Number.NaN, 5);
    }
    forbidden = [...forbidden, ...chosen];
  }
  expect(equals).toBeGreaterThan(0);
});

test('nothing is chosen unasked', async () => {
  const graph = await rewritten();
  const feeds = {
    hidden: floatTensor(new Float32Array(WIDTH), [1, 1, WIDTH]),
    [FORBIDDEN]: int64Tensor([], [0]),
    [CHOOSE]: boolTensor(false),
  };
  for (const all of [true, false]) {
    const outputs = await graph.run({ ...feeds, [ALL_LOGITS]: boolTensor(all) }, CHOICE_OUTPUTS);
    expect(outputs[CHOICE].size).toBe(0);
  }
});
