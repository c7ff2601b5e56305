/**
 * What the engine process costs, and what files gain that are asked for at once: utterances or texts of
 * three sentences through `Engine` in this process, or through `EngineClient`, which runs the same
 * `Engine` in a child process behind the contract.
 */

import type { RunEvent, RunOptions } from '../../src-main/contract/engine-contract.ts';
import { Engine } from '../../src-main/engine/pipeline/engine.ts';
import { EngineClient } from '../../src-main/engine-client/engine-client.ts';
import { inBatches } from '../dev-inputs.ts';
import { OutputCollector } from './output-collector.ts';
import type { WorkerSetup, WorkReply, WorkRequest } from './protocol.ts';
import { serve, type WorkerSide } from './worker-server.ts';
import { audioSeconds, loadWorkload, sentencesOf } from './workload.ts';

const never = new AbortController().signal;
const SENTENCES_PER_TEXT = 3;

async function load(setup: WorkerSetup): Promise<WorkerSide> {
  const workload = await loadWorkload(setup);
  const routes = {
    'in-process': new Engine(),
    'engine-process': new EngineClient({ onCrash: 'fail' }),
  } as const;
  const run = async ({ route, batchSize, files }: WorkRequest): Promise<WorkReply> => {
    const engine = routes[route];
    const options: RunOptions = {
      modelDirectory: workload.directory,
      proxyDirectory: null,
      dtype: setup.dtype,
      device: 'cpu',
      threads: setup.threads,
      alphas: [0],
      predictPerturbed: false,
      search: null,
      language: null,
      sourceLanguage: null,
      batchSize,
      encoderCache: null,
    };
    const requests =
      workload.task === 'translate'
        ? inBatches(workload.inputs, SENTENCES_PER_TEXT).map(
            (text) => () => engine.translate(sentencesOf(text), options, never),
          )
        : workload.paths.map(
            (path) => () => engine.transcribe(path, { type: 'all' }, options, never),
          );
    const start = performance.now();
    const replies =
      files === 'at-once' ? await Promise.all(requests.map(replyOf)) : await inTurn(requests);
    return joined(replies, performance.now() - start);
  };
  return { ready: { alpha: null, reason: null, audioSeconds: audioSeconds(workload) }, run };
}

type FileRequest = () => AsyncIterable<RunEvent>;
type FileReply = ReturnType<OutputCollector['reply']>;

async function replyOf(request: FileRequest): Promise<FileReply> {
  const collector = new OutputCollector();
  for await (const event of request()) collector.add(event);
  return collector.reply();
}

async function inTurn(requests: readonly FileRequest[]): Promise<readonly FileReply[]> {
  const replies: FileReply[] = [];
  for (const request of requests) replies.push(await replyOf(request));
  return replies;
}

function joined(replies: readonly FileReply[], time: number): WorkReply {
  const sum = (stage: keyof FileReply['stages']) =>
    replies.reduce((all, { stages }) => all + stages[stage], 0);
  return {
    time,
    stages: {
      features: sum('features'),
      encode: sum('encode'),
      proxy: sum('proxy'),
      decode: sum('decode'),
    },
    plainIds: replies.flatMap(({ plainIds }) => plainIds),
  };
}

await serve(load);
