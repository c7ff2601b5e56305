/**
 * A made model: Veer, transformers.js and, where a Python that has them is given, CTranslate2 and
 * whisper.cpp. All write the same number of tokens for every input.
 */

import type { Comparison, MadeMeasurement } from './benchmarks-file.ts';
import { compareWithOthers, startOtherPeers } from './other-peers.ts';
import { comparePairs, type Side } from './pairs.ts';
import { type BenchmarkWorker, ONE_BY_ONE, type WorkerSetup } from './protocol.ts';
import { WorkerHandle } from './worker-handle.ts';

/** Inputs per batch at most, beside one by one. */
const BATCH = { transcribe: 4, translate: 16 } as const;

const WARM_TOKENS = 512;

/**
 * @param python interpreter for the peers in Python, or null
 * @throws Error where a side writes another number of tokens: its time would say nothing
 */
export async function measureMade(
  setup: WorkerSetup,
  pairs: number,
  python: string | null,
): Promise<MadeMeasurement> {
  const workers: BenchmarkWorker[] = [];
  try {
    const veer = await WorkerHandle.start('veer', setup);
    workers.push(veer);
    await warm(veer);
    const peer = await WorkerHandle.start('peer', setup);
    workers.push(peer);
    const { peers, others } = await startOtherPeers(setup, python);
    workers.push(...peers.map(({ worker }) => worker));
    const comparisons: Comparison[] = [];
    for (const batchSize of new Set([1, Math.min(BATCH[setup.task], setup.inputs)])) {
      const how = batchSize === 1 ? 'one by one' : `batches of ${batchSize}`;
      const own = side(`Veer, ${how}`, veer, batchSize);
      const theirs = side(`transformers.js, ${how}`, peer, batchSize);
      comparisons.push(await comparePairs(own, theirs, pairs));
      comparisons.push(...(await compareWithOthers(own, peers, pairs)));
    }
    return {
      setup,
      audioSeconds: veer.ready.audioSeconds,
      tokensPerInput: sameTokens(comparisons, setup),
      comparisons,
      others,
    };
  } finally {
    for (const worker of workers) worker.stop();
  }
}

/** As in a program that has worked for a while: by then Veer has made its graph for later steps. */
async function warm(worker: BenchmarkWorker): Promise<void> {
  for (let tokens = 0; tokens < WARM_TOKENS; ) {
    const { plainIds } = await worker.run(ONE_BY_ONE);
    tokens += plainIds.reduce((sum, ids) => sum + ids.length, 0);
  }
}

function side(name: string, worker: BenchmarkWorker, batchSize: number): Side {
  return {
    name,
    worker,
    request: { ...ONE_BY_ONE, batchSize },
  };
}

function sameTokens(comparisons: readonly Comparison[], { inputs, model }: WorkerSetup): number {
  const sides = comparisons.flatMap(({ first, second }) => [first, second]);
  const tokens = sides[0]?.tokens ?? 0;
  const other = sides.find((one) => one.tokens !== tokens);
  if (other === undefined) return tokens / inputs;
  throw new Error(`${model}: ${other.name} wrote ${other.tokens} tokens, others ${tokens}.`);
}
