/**
 * Runs a command over its files, one after the other: progress while one runs, its result when it
 * is done, and an error that names it when it fails. One bad file never stops the others; a broken
 * model stops all that need it, since each of them would fail alike.
 */

import type { DeviceMeasurement } from '../contract/devices.ts';
import { type ErrorCode, VeerError } from '../contract/errors.ts';
import { primaryLanguage } from '../contract/languages.ts';
import type { Result, Task } from '../contract/result.ts';
import { GREEDY } from '../contract/search.ts';
import { readTextFile, readTextStream } from '../documents/plain-text.ts';
import { segmentText } from '../documents/segment-text.ts';
import { collectResult } from '../engine-client/collect-result.ts';
import type { EngineClient, EngineEvent } from '../engine-client/engine-client.ts';
import { EXIT } from './exit-codes.ts';
import type { PlannedRun } from './run-options.ts';
import { progressOf } from './run-progress.ts';
import { ProgressLine, printable, type Streams } from './terminal.ts';

export interface FileRunContext {
  readonly engine: EngineClient<'restart'>;
  readonly streams: Streams;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly signal: AbortSignal;
  /** What `auto` chooses the device by. */
  readonly measurements: () => Promise<readonly DeviceMeasurement[]>;
}

/** Codes of failures of the models and options, not of the file that met them first. */
const PLAN_WIDE: ReadonlySet<ErrorCode> = new Set([
  'MODEL_NOT_FOUND',
  'MODEL_FILE_MISSING',
  'MODEL_FILE_DAMAGED',
  'MODEL_CONFIG_INVALID',
  'MODEL_FAMILY_UNSUPPORTED',
  'MODEL_TASK_MISMATCH',
  'TOKENIZER_MISMATCH',
  'DTYPE_UNAVAILABLE',
  'PROXY_NOT_FOUND',
  'PROXY_INVALID',
  'PROXY_ENCODER_UNLISTED',
  'LANGUAGE_UNSUPPORTED',
]);

const NO_AUDIO_FROM_STDIN =
  'Audio cannot be read from standard input. Save it to a file (one named - is given as ./-).';

/**
 * @param planOf what to run for a file
 * @param deliver writes or prints a finished result
 * @returns exit code
 */
export async function runFiles(
  files: readonly string[],
  planOf: (file: string) => { readonly task: Task; readonly plan: PlannedRun },
  deliver: (file: string, result: Result) => Promise<void>,
  context: FileRunContext,
): Promise<number> {
  const broken = new Set<PlannedRun>();
  const said = new Set<string>();
  let failed = 0;
  let skipped = 0;
  for (const [position, file] of files.entries()) {
    const { task, plan } = planOf(file);
    if (broken.has(plan)) {
      skipped++;
      continue;
    }
    const progress = new ProgressLine(context.streams.stderr);
    const label = `${files.length > 1 ? `[${position + 1}/${files.length}] ` : ''}${file}`;
    try {
      const result = await runFile(file, task, plan, context, progressOf(progress, label));
      progress.clear();
      noteFallbacks(result, context.streams, said);
      await deliver(file, result);
    } catch (error) {
      progress.clear();
      if (!(error instanceof VeerError)) throw error;
      // What fails after a cancel, such as reading a closed input, fails because of it.
      if (error.code === 'CANCELLED' || context.signal.aborted) {
        context.streams.stderr.write('Cancelled.\n');
        return EXIT.cancelled;
      }
      failed++;
      const planWide = PLAN_WIDE.has(error.code);
      writeError(context.streams, planWide ? null : file, error);
      if (planWide) broken.add(plan);
      // Where one result cannot be written, the work on the next ones would be lost too.
      if (error.code === 'OUTPUT_NOT_WRITABLE') return EXIT.filesFailed;
    }
  }
  if (skipped > 0) {
    context.streams.stderr.write(`veer: not done for the same reason: ${skipped} more.\n`);
  }
  if (failed === 0) return EXIT.ok;
  return broken.size > 0 && failed + skipped === files.length ? EXIT.usage : EXIT.filesFailed;
}

/** One line: which file, the stable code, the sentence for people. */
export function writeError(streams: Streams, file: string | null, error: VeerError): void {
  const place = file === null ? '' : `${printable(file)}: `;
  streams.stderr.write(`veer: ${place}${printable(error.message)} [${error.code}]\n`);
}

async function runFile(
  file: string,
  task: Task,
  plan: PlannedRun,
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

/** @param said what was said for files before, which is not said again */
function noteFallbacks(result: Result, streams: Streams, said: Set<string>): void {
  for (const { device, reason } of result.device.fallbacks) {
    const note = `veer: ${device} was not used: ${printable(reason)}\n`;
    if (!said.has(note)) streams.stderr.write(note);
    said.add(note);
  }
}
