/**
 * Veer's own graphs against the Python library: what it computes with the same tiny checkpoints, stored by
 * e2e/fixtures/checkpoints/make-checkpoints.py. The two best tokens of every greedy step are 1e-3 apart there.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beamSearch } from '../../decoding/beam-search.ts';
import type { DecoderSession } from '../../decoding/decoder-session.ts';
import { greedySearch } from '../../decoding/greedy.ts';
import { SuppressTokens } from '../../decoding/logits-processors.ts';
import type { SearchOptions } from '../../decoding/search-options.ts';
import { floatData, selectRows, type Tensor } from '../../onnx/tensor.ts';
import {
  CHECKPOINT_NAMES,
  feedsOf,
  type OpenedCheckpoint,
  openCheckpoint,
  type ReferenceCase,
  type ReferenceTensor,
} from './test-checkpoints.ts';

const TOLERANCE = 1e-4;
const BATCH = 25;

describe.each(CHECKPOINT_NAMES)('%s in fp32', (name) => {
  let opened: OpenedCheckpoint;
  beforeAll(async () => {
    opened = await openCheckpoint(name, 'fp32');
  });
  afterAll(() => opened.close());

  async function started(
    cases: readonly ReferenceCase[],
  ): Promise<{ hiddenStates: Tensor; session: DecoderSession }> {
    const { feeds, mask } = feedsOf(cases);
    const hiddenStates = await opened.graphs.encode(feeds, opened.hiddenSize);
    return {
      hiddenStates,
      session: opened.graphs.decoderSession(hiddenStates, mask, opened.cache),
    };
  }

  function options(rows: number): SearchOptions {
    const { prompt, end, banned, maxNewTokens } = opened.reference;
    return {
      prompts: Array.from({ length: rows }, () => prompt),
      processors: banned.length === 0 ? [] : [new SuppressTokens(banned)],
      endOfTextIds: [end],
      maxNewTokens,
      signal: new AbortController().signal,
      onStep: undefined,
    };
  }

  async function inBatches<T>(
    run: (cases: readonly ReferenceCase[], session: DecoderSession) => Promise<readonly T[]>,
  ): Promise<readonly T[]> {
    const { cases } = opened.reference;
    const found: T[] = [];
    for (let at = 0; at < cases.length; at += BATCH) {
      const batch = cases.slice(at, at + BATCH);
      const { session } = await started(batch);
      found.push(...(await run(batch, session)));
      session.dispose();
    }
    return found;
  }

  test('greedy search writes its ids', async () => {
    const found = await inBatches((cases, session) => greedySearch(session, options(cases.length)));
    expect(found.map(({ tokenIds }) => tokenIds)).toEqual(
      opened.reference.cases.map(({ greedy }) => greedy),
    );
  });

  test('four beams write its ids', async () => {
    const beams = { beams: 4, lengthPenalty: 1, earlyStopping: false } as const;
    const found = await inBatches((cases, session) =>
      beamSearch(session, { ...options(cases.length), ...beams }),
    );
    expect(found.map(([best]) => best.tokenIds)).toEqual(
      opened.reference.cases.map(({ beams: ids }) => ids),
    );
  });

  test('encoder outputs, cross-attention and logits are its own', async () => {
    for (const { case: at, decoderIds, tensors } of opened.reference.layers) {
      const input = opened.reference.cases[at];
      if (input === undefined) throw new Error(`There is no case ${at}.`);
      const { hiddenStates, session } = await started([input]);
      expectNear(floatData(hiddenStates), tensors['encoder.output']);
      // One after the other: every step but the first reads caches.
      const logits: number[] = [];
      for (const id of decoderIds) logits.push(...(await session.step([[id]])));
      expectNear(Float32Array.from(logits), tensors['logits']);
      session.dispose();
      if (name !== 'whisper') continue;
      const layers = [0, 1];
      const weights = await opened.graphs.crossAttentions(
        selectRows(hiddenStates, [0]),
        decoderIds,
        { layers, shape: opened.cache },
      );
      for (const layer of layers) {
        const given = weights[layer];
        if (given === undefined) throw new Error(`Layer ${layer} gave no weights.`);
        expectNear(floatData(given), tensors[`crossAttention.${layer}`]);
      }
    }
  });
});

function expectNear(given: Float32Array, expected: ReferenceTensor | undefined): void {
  if (expected === undefined) throw new Error('The reference lacks a tensor.');
  const { shape, largest, values } = expected;
  const size = shape.reduce((product, length) => product * length, 1);
  expect(given.length).toBe(size);
  const differences = values.map((value, i) => Math.abs(value - (given[(i * 7919) % size] ?? 0)));
  expect(Math.max(...differences)).toBeLessThanOrEqual(TOLERANCE * Math.max(1, largest));
}
