/**
 * Peers on another stack than ONNX Runtime, where a Python that has them is given: CTranslate2, and
 * whisper.cpp for recognisers, each with numbers of the same size as Veer's.
 */

import type { Task } from '../../src-main/contract/result.ts';
import type { Comparison, ModelMeasurement } from './benchmarks-file.ts';
import { convertedDirectoryOf, isMade } from './made-models.ts';
import { comparePairs, type Side } from './pairs.ts';
import type { BenchmarkDtype, WorkerSetup } from './protocol.ts';
import { type PythonSide, PythonWorker } from './python-worker.ts';
import { whyNotWhisperCpp } from './whisper-cpp/ggml-file.ts';
import { readWhisperConfig } from './whisper-cpp/write-whisper-cpp.ts';

interface OtherPeer {
  readonly name: string;
  readonly worker: PythonWorker;
  /** whisper.cpp takes one window at a time. */
  readonly batches: boolean;
}

/** Peers that run, and what the report says of them. */
export interface OtherPeers {
  readonly peers: readonly OtherPeer[];
  readonly others: ModelMeasurement['others'];
}

/** @throws Error where a model was not converted, or a peer cannot be started */
export async function startOtherPeers(
  setup: WorkerSetup,
  python: string | null,
): Promise<OtherPeers> {
  if (python === null) return { peers: [], others: { versions: [], leftOut: [NOT_ASKED] } };
  const { model, task, dtype } = setup;
  const reason =
    task === 'transcribe'
      ? whyNotWhisperCpp(await readWhisperConfig(convertedDirectoryOf(model)))
      : null;
  const peers: OtherPeer[] = [];
  try {
    for (const side of sidesFor(task, dtype, isMade(model))) {
      if (side.peer === 'whisper.cpp' && reason !== null) continue;
      const worker = await PythonWorker.start(python, setup, side);
      peers.push({ name: nameOf(side), worker, batches: side.peer === 'ctranslate2' });
    }
  } catch (error) {
    for (const { worker } of peers) worker.stop();
    throw error;
  }
  const versions = peers.map(({ name, worker }) => `${name.split(' ')[0]} ${worker.version}`);
  const leftOut = reason === null ? [] : [reason];
  return { peers, others: { versions: [...new Set(versions)], leftOut } };
}

/** Veer in one mode against every peer that has this mode. */
export async function compareWithOthers(
  veer: Side,
  peers: readonly OtherPeer[],
  pairs: number,
): Promise<readonly Comparison[]> {
  const { batchSize } = veer.request;
  const how = batchSize === 1 ? 'one by one' : `batches of ${batchSize}`;
  const comparisons: Comparison[] = [];
  for (const { name, worker, batches } of peers) {
    if (batchSize > 1 && !batches) continue;
    const peer = { name: `${name}, ${how}`, worker, request: veer.request };
    comparisons.push(await comparePairs(veer, peer, pairs));
  }
  return comparisons;
}

const NOT_ASKED = 'CTranslate2 and whisper.cpp were not measured.';

function sidesFor(task: Task, dtype: BenchmarkDtype, made: boolean): readonly PythonSide[] {
  const ctranslate2 = {
    peer: 'ctranslate2',
    type: dtype === 'fp32' ? 'float32' : 'int8',
  } as const;
  if (task === 'translate') return [ctranslate2];
  const type = dtype === 'fp32' ? 'f16' : 'q8_0';
  const plain = { peer: 'whisper.cpp', type, flashAttention: false } as const;
  // Its flash attention reads a multiple of 256 positions: 36 empty ones beyond 1500, 212 beyond the 300 of a
  // bundled recogniser, whose texts then are others.
  return made ? [ctranslate2, { ...plain, flashAttention: true }, plain] : [ctranslate2, plain];
}

function nameOf(side: PythonSide): string {
  if (side.peer === 'ctranslate2') return `CTranslate2 ${side.type}`;
  return `whisper.cpp ${side.type}${side.flashAttention ? ' with flash attention' : ''}`;
}
