/** Veer's side: the engine's own model, proxy and pipeline, in this process. */

import { loadModel } from '../../src-main/engine/models/factory.ts';
import type { SpeechModel, TextModel } from '../../src-main/engine/models/model.ts';
import { PerturbationMemory } from '../../src-main/engine/perturbation/perturbation-memory.ts';
import { encodeInputs } from '../../src-main/engine/pipeline/encode-units.ts';
import { perturbedDecode } from '../../src-main/engine/pipeline/perturbed-decode.ts';
import type { Run } from '../../src-main/engine/pipeline/run.ts';
import { Stopwatch } from '../../src-main/engine/pipeline/stopwatch.ts';
import { translate } from '../../src-main/engine/pipeline/translate.ts';
import { inBatches } from '../dev-inputs.ts';
import { findProxy } from './find-proxy.ts';
import { OutputCollector } from './output-collector.ts';
import type { WorkerSetup, WorkReply, WorkRequest } from './protocol.ts';
import { serve, type WorkerSide } from './worker-server.ts';
import { audioSeconds, loadWorkload, sentencesOf } from './workload.ts';

const never = new AbortController().signal;

async function load(setup: WorkerSetup): Promise<WorkerSide> {
  const { dtype, threads } = setup;
  const workload = await loadWorkload(setup);
  const { directory, task } = workload;
  const model = await loadModel({ directory, dtype, device: 'cpu', threads, language: null });
  const { proxy, alpha, reason } = await findProxy(directory, model, threads);
  const settings = ({ outputs }: WorkRequest) => ({
    proxy,
    alphas: outputs === 'plain' ? [0] : [0, alpha],
    predictPerturbed: false,
    likeness: null,
    search: null,
    signal: never,
  });
  return {
    ready: { alpha: proxy === null ? null : alpha, reason, audioSeconds: audioSeconds(workload) },
    run: (request) => {
      if (task === 'transcribe' && model.task === task) {
        return transcribeSamples(workload.inputs, request.batchSize, model, settings(request));
      }
      if (task === 'translate' && model.task === task) {
        return translateTexts(workload.inputs, request.batchSize, { model, ...settings(request) });
      }
      throw new Error(`The model in ${directory} cannot ${task}.`);
    },
  };
}

/** As the pipeline does it, without reading files. */
async function transcribeSamples(
  inputs: readonly Float32Array[],
  batchSize: number,
  model: SpeechModel,
  settings: Pick<Run<SpeechModel>, 'proxy' | 'alphas' | 'predictPerturbed' | 'signal'>,
): Promise<WorkReply> {
  const plainIds: (readonly number[])[] = [];
  const stopwatch = new Stopwatch();
  const memory = new PerturbationMemory();
  const options = { ...settings, model, stopwatch, memory, onPartial: () => undefined };
  for (const batch of inBatches(inputs, batchSize)) {
    const decoded = await perturbedDecode(await encodeInputs(batch, options), options);
    for (const { variants } of decoded) plainIds.push(variants[0]?.tokenIds ?? []);
  }
  const stages = stopwatch.timings(0);
  return { time: stages.total, stages, plainIds };
}

/** The pipeline itself: longest first. */
async function translateTexts(
  inputs: readonly string[],
  batchSize: number,
  settings: Pick<
    Run<TextModel>,
    'model' | 'proxy' | 'alphas' | 'predictPerturbed' | 'likeness' | 'search' | 'signal'
  >,
): Promise<WorkReply> {
  const collector = new OutputCollector();
  const emit = collector.add.bind(collector);
  const memory = new PerturbationMemory();
  const begin = () => undefined;
  const run = { ...settings, cache: null, memory, batchSize, loadTime: 0, begin, emit };
  await translate(sentencesOf(inputs), run);
  return collector.reply();
}

await serve(load);
