/**
 * A made model: Veer, transformers.js and, where a Python with CTranslate2 is given, this in float32 and
 * int8; Veer in int8 against that. All write the same number of tokens for every input.
 */

import { Ctranslate2Worker } from './ctranslate2-worker.ts';
import { hasInt8 } from './made-models.ts';
import { type Comparison, comparePairs, type Side } from './pairs.ts';
import type { BenchmarkDtype, BenchmarkWorker, WorkerSetup } from './protocol.ts';
import { WorkerHandle } from './worker-handle.ts';

export interface MadeMeasurement {
  readonly setup: WorkerSetup;
  readonly audioSeconds: number | null;
  readonly tokensPerInput: number;
  readonly comparisons: readonly Comparison[];
  /** Null where it was not asked for. */
  readonly ctranslate2: string | null;
}

/** Inputs per batch, beside one by one. */
const BATCH = { transcribe: 4, translate: 16 } as const;

const WARM_TOKENS = 512;

interface Own {
  readonly name: string;
  readonly worker: BenchmarkWorker;
}

/** A peer, and the side of Veer's that it is held against. */
interface Peer extends Own {
  readonly own: Own;
}

/**
 * @param python interpreter for CTranslate2, or null
 * @throws Error where a side writes another number of tokens: its time would say nothing
 */
export async function measureMade(
  setup: WorkerSetup,
  pairs: number,
  python: string | null,
): Promise<MadeMeasurement> {
  const workers: BenchmarkWorker[] = [];
  try {
    const start = async (dtype: BenchmarkDtype) => {
      const worker = await WorkerHandle.start('veer', { ...setup, dtype });
      workers.push(worker);
      await warm(worker);
      return worker;
    };
    const veer = await start(setup.dtype);
    const peers: Peer[] = [];
    const add = (name: string, worker: BenchmarkWorker) => {
      workers.push(worker);
      peers.push({ name, worker, own: { name: 'Veer', worker: veer } });
    };
    add('transformers.js', await WorkerHandle.start('peer', setup));
    let version: string | null = null;
    if (python !== null) {
      for (const computeType of ['float32', 'int8'] as const) {
        const worker = await Ctranslate2Worker.start(python, setup, computeType);
        version = worker.version;
        add(`CTranslate2 ${computeType}`, worker);
        if (computeType === 'int8' && hasInt8(setup.model)) {
          const own = { name: 'Veer int8', worker: await start('int8') };
          peers.push({ name: 'CTranslate2 int8', worker, own });
        }
      }
    }
    const comparisons: Comparison[] = [];
    for (const batchSize of [1, BATCH[setup.task]]) {
      const how = batchSize === 1 ? 'one by one' : `batches of ${batchSize}`;
      for (const { name, worker, own } of peers) {
        const first = side(`${own.name}, ${how}`, own.worker, batchSize);
        comparisons.push(
          await comparePairs(first, side(`${name}, ${how}`, worker, batchSize), pairs),
        );
      }
    }
    return {
      setup,
      audioSeconds: veer.ready.audioSeconds,
      tokensPerInput: sameTokens(comparisons, setup),
      comparisons,
      ctranslate2: version,
    };
  } finally {
    for (const worker of workers) worker.stop();
  }
}

/** As in a program that has worked for a while: by then Veer has made its graph for later steps. */
async function warm(worker: BenchmarkWorker): Promise<void> {
  for (let tokens = 0; tokens < WARM_TOKENS; ) {
    const { plainIds } = await worker.run({ batchSize: 1, outputs: 'plain', route: 'in-process' });
    tokens += plainIds.reduce((sum, ids) => sum + ids.length, 0);
  }
}

function side(name: string, worker: BenchmarkWorker, batchSize: number): Side {
  return { name, worker, request: { batchSize, outputs: 'plain', route: 'in-process' } };
}

function sameTokens(comparisons: readonly Comparison[], { inputs, model }: WorkerSetup): number {
  const sides = comparisons.flatMap(({ first, second }) => [first, second]);
  const tokens = sides[0]?.tokens ?? 0;
  const other = sides.find((one) => one.tokens !== tokens);
  if (other === undefined) return tokens / inputs;
  throw new Error(`${model}: ${other.name} wrote ${other.tokens} tokens, others ${tokens}.`);
}
