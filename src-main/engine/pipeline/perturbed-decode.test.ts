import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  MODELS_DIRECTORY,
  RECOGNISERS,
  readSamples,
  speechDev,
  spread,
  TRANSLATORS,
  translationDev,
} from '../../../e2e/dev-inputs.ts';
import { loadModel } from '../models/factory.ts';
import type { Model } from '../models/model.ts';
import { selectRows } from '../onnx/tensor.ts';
import { PerturbationMemory } from '../perturbation/perturbation-memory.ts';
import type { PerturbationProxy } from '../perturbation/proxy.ts';
import { gateOf } from '../perturbation/test-steps.ts';
import type { DecodeAlphasOptions } from './decode-alphas.ts';
import { encodeInputs } from './encode-units.ts';
import { loadProxyFor } from './load-proxy.ts';
import { type DecodedInput, perturbedDecode } from './perturbed-decode.ts';
import { Stopwatch } from './stopwatch.ts';

const ALPHAS = [0, 0.1, -0.2, 0.4];
const never = new AbortController().signal;
// One for all tests: what a batch leaves in it must not reach the next one.
const memory = new PerturbationMemory();

interface Case {
  readonly name: string;
  readonly proxy: string;
  /** Inputs of mixed lengths. */
  readonly inputs: () => Promise<readonly unknown[]>;
}

const CASES: readonly Case[] = [
  ...RECOGNISERS.map((name) => ({
    name,
    proxy: 'wer-attention',
    inputs: async () =>
      Promise.all(spread(await speechDev(), 16).map(({ path }) => readSamples(path))),
  })),
  ...TRANSLATORS.map((name) => ({
    name,
    proxy: 'chrf-attention',
    inputs: async () => spread(await translationDev(), 30).map(({ source }) => source),
  })),
];

describe.each(CASES)('$name on the CPU in fp32', ({ name, proxy: proxyId, inputs: read }) => {
  const directory = join(MODELS_DIRECTORY, name);
  let model: Model<unknown>;
  let proxy: PerturbationProxy;
  let inputs: readonly unknown[];

  beforeAll(async () => {
    const threads = 2;
    model = (await loadModel({
      directory,
      dtype: 'fp32',
      device: 'cpu',
      threads,
      language: null,
    })) as Model<unknown>;
    proxy = await loadProxyFor(model, join(directory, 'proxies', proxyId), threads);
    inputs = await read();
  });
  afterAll(async () => {
    await proxy.dispose();
    await model.dispose();
  });

  async function decode(
    rows: readonly unknown[],
    alphas: readonly number[],
    {
      onPartial = () => undefined,
      predictPerturbed = false,
    }: Partial<Pick<DecodeAlphasOptions<unknown>, 'onPartial' | 'predictPerturbed'>> = {},
  ): Promise<readonly DecodedInput[]> {
    const stopwatch = new Stopwatch();
    const run = {
      model,
      proxy,
      memory,
      alphas,
      predictPerturbed,
      stopwatch,
      signal: never,
      onPartial,
    };
    return perturbedDecode(await encodeInputs(rows, run), run);
  }

  const ids = (outputs: readonly DecodedInput[], alpha: number) =>
    outputs.map(({ variants }) => variants.find((v) => v.alpha === alpha)?.tokenIds);

  test('a batch of mixed lengths gives every row the ids it gives alone', async () => {
    const together = await decode(inputs, [0]);
    for (const [row, input] of inputs.entries()) {
      const alone = await decode([input], [0]);
      expect(together[row]?.variants[0]?.tokenIds).toEqual(alone[0]?.variants[0]?.tokenIds);
    }
  });

  test('a batch of α values gives every α the ids it gives alone', async () => {
    const together = await decode(inputs, ALPHAS);
    for (const alpha of ALPHAS.slice(1)) {
      for (const [row, input] of inputs.slice(0, 8).entries()) {
        const alone = await decode([input], [alpha]);
        expect(ids(together, alpha)[row]).toEqual(ids(alone, alpha)[0]);
      }
    }
  });

  test('α = 0 among others gives the plain output', async () => {
    const plain = await decode(inputs, [0]);
    const among = await decode(inputs, ALPHAS);
    expect(ids(among, 0)).toEqual(ids(plain, 0));
  });

  test('plain texts are drafts of a recogniser, whose encoder outputs are long, and of no other', async () => {
    const decoded = vi.spyOn(model, 'decode');
    const outputs = await decode(inputs.slice(0, 2), [0, 0.1]);
    const drafts = decoded.mock.calls.map(([, options]) => options.drafts);
    decoded.mockRestore();
    const plain = ids(outputs, 0);
    expect(drafts).toEqual(model.identity.family === 'whisper' ? [undefined, plain] : [undefined]);
  });

  test('a large step changes outputs, so the equalities above mean something', async () => {
    const outputs = await decode(inputs, [0, 0.4]);
    const changed = outputs.filter(
      ({ variants: [plain, perturbed] }) => plain?.text !== perturbed?.text,
    );
    expect(changed.length).toBeGreaterThan(0);
  });

  test('a prediction comes with every step and never with a plain run', async () => {
    for (const { predictedScore, gradientNorm } of await decode(inputs, [0, 0.1])) {
      expect(Number.isFinite(predictedScore)).toBe(true);
      expect(gradientNorm).toBeGreaterThan(0);
    }
    for (const { predictedScore, gradientNorm } of await decode(inputs, [0])) {
      expect([predictedScore, gradientNorm]).toEqual([null, null]);
    }
  });

  test('α 0 has the prediction of the segment, another α has none unless it is asked for', async () => {
    for (const { predictedScore, variants } of await decode(inputs, [0.05, 0])) {
      expect(variants.map((variant) => variant.predictedScore)).toEqual([null, predictedScore]);
    }
  });

  test('asked for, a small step is predicted to help nearly always, and one back to harm', async () => {
    const { direction } = proxy.manifest;
    const alphas = [-0.05, 0, 0.05];
    const outputs = await decode(inputs, alphas, { predictPerturbed: true });
    const better = (than: number, score: number) =>
      direction === 'lower-is-better' ? score < than : score > than;
    // An input that the gate leaves alone, or nearly, has no step to predict anything of.
    const stepped = outputs.filter(
      ({ predictedScore }) => gateOf(proxy, predictedScore ?? Number.NaN) > 0.01,
    );
    expect(stepped.length).toBeGreaterThanOrEqual(5);
    const rises = stepped.filter(({ predictedScore, variants }) => {
      const [back, plain, on] = variants.map((variant) => variant.predictedScore ?? Number.NaN);
      expect(plain).toBe(predictedScore);
      return better(back ?? Number.NaN, plain ?? 0) && better(plain ?? Number.NaN, on ?? 0);
    });
    expect(rises.length).toBeGreaterThanOrEqual(0.9 * stepped.length);
  });

  test('what is predicted for a step is what the proxy says of the stepped output', async () => {
    const plain = await model.encode(model.prepare(inputs.slice(0, 3)));
    const alphas = [0.1, 0.4];
    const { hiddenStates, perturbedScores } = await proxy.perturb(
      plain.hiddenStates,
      plain.validMask,
      alphas,
      { predictPerturbed: true },
    );
    expect(perturbedScores).toHaveLength(6);
    for (const [row, score] of (perturbedScores ?? []).entries()) {
      const one = selectRows(plain.validMask, [Math.floor(row / alphas.length)]);
      const { scores } = await proxy.perturb(selectRows(hiddenStates, [row]), one, [0]);
      // Sums of a batch are added up in another order than those of a row.
      expect(Math.abs(score - (scores[0] ?? 0))).toBeLessThanOrEqual(1e-5 * Math.abs(score) + 1e-6);
    }
  });

  test('partial texts are beginnings of the texts', async () => {
    const partials: string[][][] = [];
    const outputs = await decode(inputs, [0, 0.1], {
      onPartial: (texts) => partials.push(texts.map((row) => [...row])),
    });
    for (const partial of partials) {
      partial.forEach((row, b) => {
        row.forEach((text, a) => {
          expect(outputs[b]?.variants[a]?.text.startsWith(text.slice(0, -1))).toBe(true);
        });
      });
    }
  });

  test('an aborted signal stops it with the code CANCELLED', async () => {
    const run = {
      model,
      proxy,
      memory,
      alphas: [0],
      predictPerturbed: false,
      stopwatch: new Stopwatch(),
      signal: AbortSignal.abort(),
      onPartial: () => undefined,
    };
    await expect(encodeInputs(inputs, run)).rejects.toMatchObject({ code: 'CANCELLED' });
    const plain = await model.encode(model.prepare(inputs.slice(0, 1)));
    await expect(perturbedDecode(plain, run)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
