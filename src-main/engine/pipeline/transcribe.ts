/**
 * Speech to text: a file of any length, gone through window by window, with memory bounded by one
 * batch. By default it is cut at pauses; docs/decoding.md has the other ways.
 */

import type { AudioPart } from '../../contract/engine-contract.ts';
import { assertNever, VeerError } from '../../contract/errors.ts';
import type { SpeechModel } from '../models/model.ts';
import type { WhisperRun } from '../models/whisper/run.ts';
import { decodeWindows, type Recording } from './decode-windows.ts';
import { inputsPerBatch, type Run } from './run.ts';
import { Stopwatch } from './stopwatch.ts';
import { transcribeInChunks } from './transcribe-chunked.ts';
import { transcribeSequentially } from './transcribe-sequential.ts';
import { windowSegment } from './window-segment.ts';
import { openWindows, type PlannedWindow } from './window-source.ts';

/** Windows per batch. Twice as many are a little cheaper, but the first texts come later. */
export const TRANSCRIBE_BATCH = 8;

/**
 * Emits progress, the language where it is detected, partial texts, one segment per window and
 * `done`, whose duration is that of the recording, or of the given windows together.
 *
 * @param whisper what is asked of Whisper beyond plain decoding; left out, the model decodes plainly
 * @throws VeerError for a file that cannot be read (FILE_…, MEDIA_…, AUDIO_…), OPTION_INVALID for
 *   windows that cannot be, CANCELLED
 */
export async function transcribe(
  path: string,
  part: AudioPart,
  run: Run<SpeechModel>,
  whisper: WhisperRun | null = null,
): Promise<void> {
  const recording: Recording = { ...run, whisper, stopwatch: new Stopwatch() };
  const duration = await passThrough(path, part, recording);
  const timings = recording.stopwatch.timings(run.loadTime);
  run.emit({ type: 'done', duration, timings });
}

/** @returns seconds of the recording, or of the given windows together */
function passThrough(path: string, part: AudioPart, recording: Recording): Promise<number> {
  const { whisper } = recording;
  const longForm = whisper?.speech.longForm ?? 'pauses';
  if (whisper === null || longForm === 'pauses') return transcribeAtPauses(path, part, recording);
  // What a window is made of must not depend on those before it.
  if (part.type !== 'all' && (longForm === 'chunked' || whisper.speech.conditionOnPrevious)) {
    throw new VeerError(
      'OPTION_INVALID',
      `The ${longForm} long form that was asked for goes through a whole recording. Run the whole recording again, or cut it at pauses.`,
    );
  }
  switch (longForm) {
    case 'sequential':
      return transcribeSequentially(path, part, { ...recording, whisper });
    case 'chunked':
      return transcribeInChunks(
        path,
        { ...recording, whisper },
        inputsPerBatch(recording, TRANSCRIBE_BATCH),
      );
    default:
      return assertNever(longForm);
  }
}

async function transcribeAtPauses(
  path: string,
  part: AudioPart,
  recording: Recording,
): Promise<number> {
  const { model, emit, signal, stopwatch } = recording;
  await using source = await stopwatch.time('read', () =>
    openWindows(path, part, {
      windowSamples: model.windowSamples,
      samplingRate: model.samplingRate,
      signal,
    }),
  );
  const windows = source.windows();
  const batchSize = inputsPerBatch(recording, TRANSCRIBE_BATCH);
  for (let ended = false; !ended; ) {
    const batch: PlannedWindow[] = [];
    while (batch.length < batchSize && !ended) {
      const next = await stopwatch.time('read', () => windows.next());
      if (next.done) ended = true;
      else batch.push(next.value);
    }
    const outputs = await decodeWindows(batch, recording);
    for (const [place, output] of outputs.entries()) {
      const window = batch[place];
      if (window === undefined) continue;
      emit({ type: 'segment', segment: windowSegment(window, output, model.samplingRate) });
    }
    emit({ type: 'progress', ...source.progress() });
  }
  return source.progress().done;
}
