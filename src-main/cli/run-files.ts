/**
 * Runs a command over its files, one after the other: progress while one runs, its result when it
 * is done, and an error that names it when it fails. One bad file never stops the others; a broken
 * model stops all, since every file would fail alike.
 */

import { type ErrorCode, VeerError } from '../contract/errors.ts';
import type { Result, Task } from '../contract/result.ts';
import { readTextFile, readTextStream } from '../documents/plain-text.ts';
import { segmentText } from '../documents/segment-text.ts';
import { collectResult } from '../engine-client/collect-result.ts';
import type { EngineClient, EngineEvent } from '../engine-client/engine-client.ts';
import { EXIT } from './exit-codes.ts';
import type { PlannedRun } from './run-options.ts';
import { ProgressLine, printable, type Streams } from './terminal.ts';

export interface FileRunContext {
  readonly engine: EngineClient;
  readonly streams: Streams;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly signal: AbortSignal;
}

/** Codes of failures that concern the request as a whole, not the file it met first. */
const REQUEST_WIDE: ReadonlySet<ErrorCode> = new Set([
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
  'OUTPUT_NOT_WRITABLE',
]);

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
  let failed = false;
  for (const [position, file] of files.entries()) {
    const progress = new ProgressLine(context.streams.stderr);
    const label = `${files.length > 1 ? `[${position + 1}/${files.length}] ` : ''}${file}`;
    try {
      const { task, plan } = planOf(file);
      const result = await runFile(file, task, plan, context, progressOf(progress, label));
      progress.clear();
      noteFallbacks(result, context.streams);
      await deliver(file, result);
    } catch (error) {
      progress.clear();
      if (!(error instanceof VeerError)) throw error;
      if (error.code === 'CANCELLED') {
        context.streams.stderr.write('Cancelled.\n');
        return EXIT.cancelled;
      }
      writeError(context.streams, file, error);
      failed = true;
      if (REQUEST_WIDE.has(error.code)) break;
    }
  }
  return failed ? EXIT.filesFailed : EXIT.ok;
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
  const { options } = plan;
  const describe = (leading: string | null) => ({
    task,
    source: { path: file, duration: null, leading },
    threads: options.threads,
    alphas: options.alphas,
  });
  if (task === 'transcribe') {
    return collectResult(describe(null), engine.transcribe(file, options, signal), onEvent);
  }
  const start = performance.now();
  const document =
    file === '-' ? await readTextStream(context.stdin, '-') : await readTextFile(file);
  const { leading, sentences } = segmentText(document.text, sourceLanguage(plan));
  const read = performance.now() - start;
  const events = engine.translate(sentences, options, signal);
  const result = await collectResult(describe(leading), events, onEvent);
  const timings = { ...result.timings, read, total: result.timings.total + read };
  return { ...result, timings };
}

/** The language that the model reads, for finding sentence ends. */
function sourceLanguage({ model, options }: PlannedRun): string {
  const target = options.language?.split('-')[0];
  const direction =
    model.directions.find((candidate) => candidate.target === target) ?? model.directions[0];
  return direction?.source ?? 'en';
}

function progressOf(progress: ProgressLine, label: string): (event: EngineEvent) => void {
  let fraction: number | null = 0;
  let note = 'loading the model';
  return (event) => {
    switch (event.type) {
      case 'ready':
        note = '';
        break;
      case 'restarted':
        fraction = 0;
        note = 'engine stopped, once more on the CPU';
        break;
      case 'progress':
        fraction = event.total === null ? null : event.done / Math.max(event.total, 1e-9);
        break;
      case 'partial':
        note = event.texts[0] ?? '';
        break;
      case 'segment':
        note = event.segment.variants[0]?.text ?? '';
        break;
      case 'done':
        break;
    }
    progress.show(label, fraction, note);
  };
}

function noteFallbacks(result: Result, streams: Streams): void {
  for (const { device, reason } of result.device.fallbacks) {
    streams.stderr.write(`veer: ${device} was not used: ${printable(reason)}\n`);
  }
}
