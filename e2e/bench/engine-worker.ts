/**
 * What the engine process costs: the same files and sentences through `Engine` in this process, or
 * through `EngineClient`, which runs the same `Engine` in a child process behind the contract.
 */

import type { RunOptions } from '../../src-main/contract/engine-contract.ts';
import { Engine } from '../../src-main/engine/pipeline/engine.ts';
import { EngineClient } from '../../src-main/engine-client/engine-client.ts';
import { OutputCollector } from './output-collector.ts';
import type { WorkerSetup, WorkReply, WorkRequest } from './protocol.ts';
import { serve, type WorkerSide } from './worker-server.ts';
import { audioSeconds, loadWorkload, sentencesOf } from './workload.ts';

const never = new AbortController().signal;

async function load(setup: WorkerSetup): Promise<WorkerSide> {
  const workload = await loadWorkload(setup);
  const routes = {
    'in-process': new Engine(),
    'engine-process': new EngineClient({ onCrash: 'fail' }),
  } as const;
  const run = async ({ route, batchSize }: WorkRequest): Promise<WorkReply> => {
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
    const collector = new OutputCollector();
    if (workload.task === 'translate') {
      const sentences = sentencesOf(workload.inputs);
      for await (const event of engine.translate(sentences, options, never)) collector.add(event);
    } else {
      for (const path of workload.paths) {
        const events = engine.transcribe(path, { type: 'all' }, options, never);
        for await (const event of events) collector.add(event);
      }
    }
    return collector.reply();
  };
  return { ready: { alpha: null, reason: null, audioSeconds: audioSeconds(workload) }, run };
}

await serve(load);
