/** One file of a command: read, run, and its result put together. */

import type { DeviceMeasurement } from '../contract/devices.ts';
import { VeerError } from '../contract/errors.ts';
import { primaryLanguage } from '../contract/languages.ts';
import type { Result, Task } from '../contract/result.ts';
import { GREEDY } from '../contract/search.ts';
import { readTextFile, readTextStream } from '../documents/plain-text.ts';
import { segmentText } from '../documents/segment-text.ts';
import { collectResult } from '../engine-client/collect-result.ts';
import type { EngineClient, EngineEvent } from '../engine-client/engine-client.ts';
import type { PlannedRun } from './run-options.ts';
import type { Streams } from './terminal.ts';

export interface FileRunContext {
  readonly engine: Pick<EngineClient<'restart'>, 'transcribe' | 'translate'>;
  readonly streams: Streams;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly signal: AbortSignal;
  /** What `auto` chooses the device by. */
  readonly measurements: () => Promise<readonly DeviceMeasurement[]>;
}

export interface PlannedFile {
  /** "-" is standard input. */
  readonly path: string;
  readonly task: Task;
  readonly plan: PlannedRun;
}

const NO_AUDIO_FROM_STDIN =
  'Audio cannot be read from standard input. Save it to a file (one named - is given as ./-).';

/**
 * @param onEvent sees every event of the engine
 * @throws VeerError of reading the file and of the engine, CANCELLED
 */
export async function runFile(
  { path: file, task, plan }: PlannedFile,
  context: FileRunContext,
  onEvent: (event: EngineEvent) => void,
): Promise<Result> {
  const { engine, signal } = context;
  const measurements = [...(await context.measurements())];
  const options = { ...plan.options, measurements };
  const about = (leading: string | null) => ({
    task,
    source: { path: file, duration: null, leading },
    threads: options.threads,
    alphas: options.alphas,
    search: options.search ?? GREEDY,
    ...(options.speech && { speech: options.speech }),
  });
  if (file === '') {
    throw new VeerError('FILE_NOT_FOUND', 'A file name is empty. Give the name of a file.');
  }
  if (task === 'transcribe') {
    if (file === '-') throw new VeerError('FILE_NOT_FOUND', NO_AUDIO_FROM_STDIN);
    const events = engine.transcribe(file, { type: 'all' }, options, signal);
    return collectResult(about(null), events, onEvent);
  }
  const start = performance.now();
  const document =
    file === '-' ? await readTextStream(context.stdin, 'standard input') : await readTextFile(file);
  const { leading, sentences } = segmentText(document.text, sourceLanguage(plan));
  const read = performance.now() - start;
  const events = engine.translate(sentences, options, signal);
  const result = await collectResult(about(leading), events, onEvent);
  const timings = { ...result.timings, read, total: result.timings.total + read };
  return { ...result, timings };
}

/** The language that the model reads, for finding sentence ends. */
function sourceLanguage({ model, options }: PlannedRun): string {
  if (options.sourceLanguage !== null) return primaryLanguage(options.sourceLanguage);
  const target = options.language === null ? null : primaryLanguage(options.language);
  const direction =
    model.directions.find((candidate) => candidate.target === target) ?? model.directions[0];
  return direction?.source ?? 'en';
}
