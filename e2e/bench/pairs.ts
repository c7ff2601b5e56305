/** Interleaved pairs: A B A B …, so that whatever else the machine does meets both alike. */

import { showProgress } from '../progress.ts';
import type { Comparison, SideResult, StageSpreads } from './benchmarks-file.ts';
import type { BenchmarkWorker, Stages, WorkReply, WorkRequest } from './protocol.ts';
import { ratios, type Spread, spreadOf } from './statistics.ts';

export interface Side {
  readonly name: string;
  readonly worker: BenchmarkWorker;
  readonly request: WorkRequest;
}

/** One pair to warm up, then `pairs` counted ones. */
export async function comparePairs(first: Side, second: Side, pairs: number): Promise<Comparison> {
  const replies: (readonly [WorkReply, WorkReply])[] = [];
  for (let pair = 0; pair <= pairs; pair++) {
    showProgress(`${first.name} / ${second.name}: pair ${pair} of ${pairs}`);
    const a = await first.worker.run(first.request);
    const b = await second.worker.run(second.request);
    if (pair > 0) replies.push([a, b]);
  }
  showProgress('');
  const firsts = replies.map(([a]) => a);
  const seconds = replies.map(([, b]) => b);
  const wholes = seconds.map(({ time }) => time);
  return {
    first: resultOf(first.name, firsts),
    second: resultOf(second.name, seconds),
    ratio: spreadOf(
      ratios(
        firsts.map(({ time }) => time),
        wholes,
      ),
    ),
    stageShares: perStage(firsts, (times) => spreadOf(ratios(times, wholes))),
    equal: Math.min(...replies.map(([a, b]) => equalShare(a, b))),
  };
}

function resultOf(name: string, replies: readonly WorkReply[]): SideResult {
  return {
    name,
    time: spreadOf(replies.map(({ time }) => time)),
    stages: perStage(replies, spreadOf),
    tokens: replies[0]?.plainIds.reduce((sum, ids) => sum + ids.length, 0) ?? 0,
  };
}

/** Null where a side does not say where its time went. */
function perStage(
  replies: readonly WorkReply[],
  summary: (times: readonly number[]) => Spread,
): StageSpreads | null {
  const stages = replies.flatMap((reply) => reply.stages ?? []);
  if (stages.length < replies.length) return null;
  const of = (stage: keyof Stages) => summary(stages.map((times) => times[stage]));
  return {
    features: of('features'),
    encode: of('encode'),
    proxy: of('proxy'),
    decode: of('decode'),
  };
}

function equalShare(a: WorkReply, b: WorkReply): number {
  const equal = a.plainIds.filter((ids, i) => ids.join() === b.plainIds[i]?.join());
  return equal.length / Math.max(a.plainIds.length, b.plainIds.length);
}
