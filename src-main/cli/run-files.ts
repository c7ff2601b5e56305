/**
 * Runs a command over its files and tells of them one after the other: progress while one runs, its
 * result when it is done, and an error that names it when it fails. One bad file never stops the others;
 * a broken model stops all that need it, since each of them would fail alike.
 */

import { type ErrorCode, VeerError } from '../contract/errors.ts';
import type { Result, Task } from '../contract/result.ts';
import { EXIT } from './exit-codes.ts';
import { FilesAhead } from './files-ahead.ts';
import type { FileRunContext } from './run-file.ts';
import type { PlannedRun } from './run-options.ts';
import { progressOf } from './run-progress.ts';
import { ProgressLine, printable, type Streams } from './terminal.ts';

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
  const planned = files.map((path) => ({ path, ...planOf(path) }));
  using ahead = new FilesAhead(planned, context);
  for (const [position, { path: file, plan }] of planned.entries()) {
    if (broken.has(plan)) {
      skipped++;
      continue;
    }
    const progress = new ProgressLine(context.streams.stderr);
    const label = `${files.length > 1 ? `[${position + 1}/${files.length}] ` : ''}${file}`;
    try {
      const result = await ahead.result(position, progressOf(progress, label));
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

/** @param said what was said for files before, which is not said again */
function noteFallbacks(result: Result, streams: Streams, said: Set<string>): void {
  for (const { device, reason } of result.device.fallbacks) {
    const note = `veer: ${device} was not used: ${printable(reason)}\n`;
    if (!said.has(note)) streams.stderr.write(note);
    said.add(note);
  }
}
