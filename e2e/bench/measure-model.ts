/** Everything that is measured for one model and dtype. */

import type { Task } from '../../src-main/contract/result.ts';
import { TRANSCRIBE_BATCH } from '../../src-main/engine/pipeline/transcribe.ts';
import { TRANSLATE_BATCH } from '../../src-main/engine/pipeline/translate.ts';
import { showProgress } from '../progress.ts';
import type { ModelMeasurement } from './benchmarks-file.ts';
import { compareWithOthers, startOtherPeers } from './other-peers.ts';
import { comparePairs, type Side } from './pairs.ts';
import {
  type BenchmarkWorker,
  ONE_BY_ONE,
  type WorkerSetup,
  type WorkRequest,
} from './protocol.ts';
import { ratios, spreadOf } from './statistics.ts';
import { WorkerHandle } from './worker-handle.ts';

const PIPELINE_BATCH: Readonly<Record<Task, number>> = {
  transcribe: TRANSCRIBE_BATCH,
  translate: TRANSLATE_BATCH,
};

const BATCH_SIZES = [1, 4, 8, 16, 32, 64];

/** @param python interpreter for the peers in Python, or null */
export async function measureModel(
  setup: WorkerSetup,
  pairs: number,
  python: string | null,
): Promise<ModelMeasurement> {
  const workers: BenchmarkWorker[] = [];
  const start = async (side: 'veer' | 'peer' | 'engine') => {
    const worker = await WorkerHandle.start(side, setup);
    workers.push(worker);
    return worker;
  };
  try {
    const [veer, peer, engine] = [await start('veer'), await start('peer'), await start('engine')];
    const { peers, others } = await startOtherPeers(setup, python);
    workers.push(...peers.map(({ worker }) => worker));
    const batchSize = PIPELINE_BATCH[setup.task];
    const inProcess = side('Engine in one process, file by file', engine, { batchSize });
    const filewise = side('Engine process, file by file', engine, {
      batchSize,
      route: 'engine-process',
    });
    const together = side('Engine process, files at once', engine, {
      ...filewise.request,
      files: 'at-once',
    });
    const single = side('Veer, one by one', veer, { batchSize: 1 });
    const pipeline = side(`Veer, batches of ${batchSize}`, veer, { batchSize });
    const peerSingle = side('transformers.js, one by one', peer, { batchSize: 1 });
    const peerBatched = side(`transformers.js, batches of ${batchSize}`, peer, { batchSize });
    const compared = (plain: Side) => {
      if (veer.ready.alpha === null) return null;
      // As the pipeline does it: in a translator's batch an α is a row like a sentence.
      const inputs = setup.task === 'translate' ? Math.ceil(plain.request.batchSize / 2) : null;
      const request = { ...plain.request, batchSize: inputs ?? plain.request.batchSize };
      const named = `${plain.name}, plain and one α`;
      return comparePairs(side(named, veer, { ...request, outputs: 'compare' }), plain, pairs);
    };
    return {
      setup,
      veer: veer.ready,
      batchSize,
      single: await comparePairs(single, peerSingle, pairs),
      pipeline: await comparePairs(pipeline, peerSingle, pairs),
      batched: await comparePairs(pipeline, peerBatched, pairs),
      others,
      otherComparisons: [
        ...(await compareWithOthers(single, peers, pairs)),
        ...(await compareWithOthers(pipeline, peers, pairs)),
      ],
      compare: await compared(pipeline),
      compareSingle: await compared(single),
      engineProcess: await comparePairs(filewise, inProcess, pairs),
      together: await comparePairs(together, filewise, pairs),
      batchSizes: await measureBatchSizes(veer, pairs),
    };
  } finally {
    for (const worker of workers) worker.stop();
  }
}

function side(name: string, worker: WorkerHandle, request: Partial<WorkRequest>): Side {
  return { name, worker, request: { ...ONE_BY_ONE, ...request } };
}

/** Every size once per round; times divided by the time of size 1 in the same round. */
async function measureBatchSizes(
  veer: WorkerHandle,
  rounds: number,
): Promise<ModelMeasurement['batchSizes']> {
  const times = new Map<number, number[]>(BATCH_SIZES.map((size) => [size, []]));
  for (let round = 0; round <= rounds; round++) {
    showProgress(`Batch sizes: round ${round} of ${rounds}`);
    for (const [size, list] of times) {
      const { time } = await veer.run(side('', veer, { batchSize: size }).request);
      if (round > 0) list.push(time);
    }
  }
  showProgress('');
  const alone = times.get(1) ?? [];
  return [...times].map(([size, list]) => ({ size, ratio: spreadOf(ratios(list, alone)) }));
}
