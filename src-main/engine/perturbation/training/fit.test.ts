import { describe, expect, test } from 'vitest';
import type { FitOptions, ProxyShape } from '../../../contract/proxy-training.ts';
import { pearson } from '../../../evaluation/correlation.ts';
import { Random } from '../../../evaluation/random.ts';
import { Graph } from '../../onnx/graph.ts';
import { type FitEpoch, type FitRun, fitProxy } from './fit.ts';
import { type FitState, NOT_SAVED, type SavedFit } from './fit-state.ts';
import { predictScores } from './predict-scores.ts';
import { weightsOf } from './proxy-weights.ts';
import { stateStatistics } from './standardisation.ts';
import { examplesOf } from './test-examples.ts';
import { scoreGraph } from './training-graph.ts';

const WIDTH = 6;
const NEVER = new AbortController().signal;

/** What is to be learned: a curved function of the mean over the positions. */
function synthetic(count: number, random: Random) {
  const rows = Array.from({ length: count }, () => {
    const positions = 1 + random.integer(5);
    const centre = Array.from({ length: WIDTH }, () => random.normal());
    return Float32Array.from(
      { length: positions * WIDTH },
      (_, i) => 3 + (centre[i % WIDTH] ?? 0) + 0.2 * random.normal(),
    );
  });
  const scores = rows.map((row) => {
    const means = Array.from({ length: WIDTH }, (_, d) => {
      const values = row.filter((__, i) => i % WIDTH === d);
      return values.reduce((sum, value) => sum + value, 0) / values.length - 3;
    });
    const [a = 0, b = 0, c = 0] = means;
    return 40 + 10 * Math.tanh(a + 0.5 * b) + 3 * c;
  });
  return examplesOf(rows, WIDTH, scores);
}

const random = new Random(5);
const train = synthetic(1200, random);
const dev = synthetic(150, random);
const held = synthetic(300, random);

const options = (shape: ProxyShape, changes: Partial<FitOptions> = {}): FitOptions => ({
  shape,
  members: 1,
  epochs: 30,
  patience: 30,
  batchSize: 32,
  learningRate: 0.01,
  weightDecay: 0.01,
  dropout: 0,
  noise: 0,
  seed: 3,
  ...changes,
});

async function fitted(fitOptions: FitOptions, changes: Partial<FitRun> = {}) {
  const { standardisation } = await stateStatistics(train, WIDTH, 1, NEVER);
  const weights = await fitProxy({
    train,
    dev,
    standardisation,
    targets: { mean: 40, deviation: 8 },
    options: fitOptions,
    member: 0,
    threads: 1,
    signal: NEVER,
    onStep: () => undefined,
    onEpoch: () => undefined,
    onEnd: () => undefined,
    saved: NOT_SAVED,
    ...changes,
  });
  return { weights, standardisation };
}

const ATTENTION: ProxyShape = { pooling: 'attention', queries: 2, value: 16, hidden: [24] };
const MEAN: ProxyShape = { pooling: 'position-mean', inner: 24, hidden: [24] };

describe('a fit', () => {
  test.each([ATTENTION, MEAN])('learns a function of E to Pearson 0.99 with %j', async (shape) => {
    const { weights, standardisation } = await fitted(options(shape));
    const graph = await Graph.load(scoreGraph(shape, standardisation), 'cpu', 1);
    const predicted = await predictScores(graph, held, weightsOf(shape, WIDTH), weights, NEVER);
    await graph.dispose();
    expect(pearson(predicted, held.scores)).toBeGreaterThanOrEqual(0.99);
  });

  test('that is stopped and gone on with gives the bytes of one without a break', async () => {
    const some = options(ATTENTION, { epochs: 4, dropout: 0.2, noise: 0.1 });
    const whole = await fitted(some);
    const kept = new Map<number, FitState>();
    const saved: SavedFit = {
      load: (member) => Promise.resolve(kept.get(member) ?? null),
      save: (member, state) => {
        kept.set(member, structuredClone(state));
        return Promise.resolve();
      },
    };
    const abort = new AbortController();
    const stopped = fitted(some, {
      saved,
      signal: abort.signal,
      onEpoch: ({ epoch }) => {
        if (epoch === 1) abort.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(kept.get(0)?.epoch).toBe(2);
    const epochs: FitEpoch[] = [];
    const resumed = await fitted(some, { saved, onEpoch: (epoch) => epochs.push(epoch) });
    expect(epochs.map(({ epoch }) => epoch)).toEqual([2, 3]);
    expect(resumed.weights).toEqual(whole.weights);
  });

  test('ends after epochs that bring nothing, and keeps the best one', async () => {
    const noisy = { ...dev, scores: dev.scores.map(() => random.uniform()) };
    const epochs: FitEpoch[] = [];
    await fitted(options(ATTENTION, { patience: 2 }), {
      dev: noisy,
      onEpoch: (e) => epochs.push(e),
    });
    const best = epochs.reduce((a, b) => (b.devSpearman > a.devSpearman ? b : a));
    expect(epochs.length).toBe(best.epoch + 3);
    expect(epochs.length).toBeLessThan(30);
  });

  test('of numbers that are none is refused', async () => {
    const rows = [Float32Array.of(1, 2, 3, 4, 5, Number.POSITIVE_INFINITY)];
    const infinite = examplesOf(rows, WIDTH, [1]);
    await expect(fitted(options(ATTENTION), { train: infinite })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
  });

  test('of another seed gives other weights, of the same seed the same', async () => {
    const some = options(ATTENTION, { epochs: 1 });
    const first = await fitted(some);
    expect((await fitted(some)).weights).toEqual(first.weights);
    expect((await fitted({ ...some, seed: 4 })).weights).not.toEqual(first.weights);
  });
});

test('mean, deviation and covariance are those of all real positions', async () => {
  const rows = [Float32Array.of(1, 2, 3, 6), Float32Array.of(5, 10)];
  const examples = examplesOf(rows, 2, [0, 0]);
  const { standardisation, covariance } = await stateStatistics(examples, 2, 1, NEVER);
  expect([...standardisation.mean]).toEqual([3, 6]);
  expect([...covariance].map((value) => value.toFixed(4))).toEqual([
    '2.6667',
    '5.3333',
    '5.3333',
    '10.6667',
  ]);
  expect(standardisation.deviation[1]).toBeCloseTo(Math.sqrt(32 / 3), 5);
});
