/**
 * On the bundled models in fp32 on the CPU: what an input gives does not depend on its batch, with
 * beams and with sampling; rounding may change a score in its last digits.
 */

import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import {
  MODELS_DIRECTORY,
  RECOGNISERS,
  readSamples,
  speechDev,
  spread,
  TRANSLATORS,
  translationDev,
} from '../../../e2e/dev-inputs.ts';
import type { Search } from '../../contract/search.ts';
import { Graph } from '../onnx/graph.ts';
import { loadModel } from './factory.ts';
import type { Model } from './model.ts';

const never = new AbortController().signal;
const RULES = {
  repetitionPenalty: null,
  noRepeatNgramSize: null,
  minNewTokens: null,
  maxNewTokens: null,
};
const BEAMS: Search = {
  strategy: 'beam',
  beams: 4,
  lengthPenalty: 1,
  earlyStopping: false,
  returnSequences: 4,
  ...RULES,
};
const SAMPLING: Search = {
  strategy: 'sample',
  temperature: 1,
  topK: 20,
  topP: 0.95,
  seed: 5,
  ...RULES,
  maxNewTokens: 40,
};

const CASES = [
  {
    id: RECOGNISERS[1],
    read: async () =>
      Promise.all(spread(await speechDev(), 5).map(({ path }) => readSamples(path))),
  },
  {
    id: TRANSLATORS[1],
    read: async () => spread(await translationDev(), 6).map(({ source }) => source),
  },
] as const;

async function load(id: string): Promise<Model<unknown>> {
  const directory = join(MODELS_DIRECTORY, id);
  const options = { directory, dtype: 'fp32', device: 'cpu', threads: 2, language: null } as const;
  return (await loadModel(options)) as Model<unknown>;
}

/** @param names of the random streams */
async function decode(
  model: Model<unknown>,
  inputs: readonly unknown[],
  names: readonly string[],
  search: Search,
) {
  const rows = await model.decode(await model.encode(model.prepare(inputs)), {
    signal: never,
    onStep: undefined,
    search,
    streamNames: names,
  });
  return rows.map((row) =>
    [row, ...(row.alternatives ?? [])].map(({ tokenIds, finishReason }) => {
      return { tokenIds, finishReason };
    }),
  );
}

describe.each(CASES)('$id', ({ id, read }) => {
  test.each([BEAMS, SAMPLING])('$strategy: an input gives what it gives alone', async (search) => {
    const model = await load(id);
    const inputs = await read();
    const names = inputs.map((_, i) => `input ${i}`);
    const together = await decode(model, inputs, names, search);
    expect(together.map((found) => found.length)).toEqual(
      inputs.map(() => (search.strategy === 'beam' ? 4 : 1)),
    );
    for (const [i, input] of inputs.entries()) {
      const alone = await decode(model, [input], [names[i] ?? ''], search);
      expect(alone).toEqual([together[i]]);
    }
    expect(await decode(model, inputs, names, search)).toEqual(together);
    await model.dispose();
  });

  test('the caches of the cross-attention are fetched once', async () => {
    const model = await load(id);
    const run = vi.spyOn(Graph.prototype, 'run');
    await decode(model, await read(), [], BEAMS);
    const fetched = run.mock.calls.flatMap(([, outputs]) => outputs);
    run.mockRestore();
    await model.dispose();
    const once = fetched.filter((name) => name === 'present.0.encoder.key');
    expect(once).toHaveLength(1);
    expect(fetched.filter((name) => name === 'present.0.decoder.key').length).toBeGreaterThan(5);
  });
});
