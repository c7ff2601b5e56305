/** Adds up the events of a run to its result. */

import { VeerError } from '../contract/errors.ts';
import { RESULT_FORMAT, RESULT_VERSION, type Result, type Segment } from '../contract/result.ts';
import type { EngineEvent } from './engine-client.ts';

export type RunDescription = Pick<
  Result,
  'task' | 'source' | 'threads' | 'alphas' | 'search' | 'speech'
>;

/**
 * @param onEvent sees every event after it was counted in
 * @throws whatever the run throws
 */
export async function collectResult(
  description: RunDescription,
  events: AsyncIterable<EngineEvent>,
  onEvent: (event: EngineEvent) => void,
): Promise<Result> {
  const segments = new Map<number, Segment>();
  let ready: Extract<EngineEvent, { type: 'ready' }> | null = null;
  let detected: Extract<EngineEvent, { type: 'language' }> | null = null;
  let done: Extract<EngineEvent, { type: 'done' }> | null = null;
  for await (const event of events) {
    switch (event.type) {
      case 'ready':
        ready = event;
        break;
      case 'language':
        detected = event;
        break;
      case 'segment':
        segments.set(event.segment.index, event.segment);
        break;
      case 'restarted':
        segments.clear();
        detected = null;
        break;
      case 'done':
        done = event;
        break;
      case 'progress':
      case 'partial':
      case 'encoder-cache':
        break;
    }
    onEvent(event);
  }
  if (ready === null || done === null) {
    throw new VeerError('INTERNAL', 'The engine ended a run without saying that it was done.');
  }
  const { model, proxy, device } = ready;
  const { language, sourceLanguage } = detected ?? ready;
  return {
    format: RESULT_FORMAT,
    version: RESULT_VERSION,
    task: description.task,
    source: { ...description.source, duration: done.duration },
    language,
    sourceLanguage,
    ...(detected && { languageProbability: detected.probability }),
    model,
    proxy,
    device,
    threads: description.threads,
    alphas: [...description.alphas],
    search: description.search,
    ...(description.speech && { speech: description.speech }),
    segments: [...segments.values()].sort((a, b) => a.index - b.index),
    timings: done.timings,
  };
}
