/**
 * Speech to text: a file of any length, gone through window by window, with memory bounded by one
 * batch. By default it is cut at pauses; docs/decoding.md has the other ways.
 */

import type { AudioPart } from '../../contract/engine-contract.ts';
import { VeerError } from '../../contract/errors.ts';
import { cutsAtPauses } from '../../contract/speech.ts';
import type { SpeechModel } from '../models/model.ts';
import type { WhisperRun } from '../models/whisper/run.ts';
import { fileOf, type Recording, unitsOf, type WhisperRecording } from './decode-windows.ts';
import { inputsPerBatch, type Run, type Setup } from './run.ts';
import { SharedBatches } from './shared-batches.ts';
import { Stopwatch } from './stopwatch.ts';
import { transcribeInChunks } from './transcribe-chunked.ts';
import { transcribeSequentially } from './transcribe-sequential.ts';
import { windowSegment } from './window-segment.ts';
import { openWindows, type PlannedWindow, type WindowSource } from './window-source.ts';

/** Windows per batch. Twice as many are a little cheaper, but the first texts come later. */
export const TRANSCRIBE_BATCH = 8;

/**
 * Emits progress, the language where it is detected, partial texts, one segment per window and
 * `done`, whose duration is that of the recording, or of the given windows together.
 *
 * @param whisper what is asked of Whisper beyond plain decoding; left out or null, the model decodes plainly
 * @param batches of the run's setup, for windows that are cut at pauses; left out, those of this run alone
 * @throws VeerError for a file that cannot be read (FILE_…, MEDIA_…, AUDIO_…), OPTION_INVALID for
 *   windows that cannot be, CANCELLED
 */
export async function transcribe(
  path: string,
  part: AudioPart,
  run: Run<SpeechModel>,
  whisper: WhisperRun | null = null,
  batches: SharedBatches<Float32Array> = windowBatches(run),
): Promise<void> {
  const recording: Recording = { ...run, whisper, stopwatch: new Stopwatch() };
  const duration =
    whisper === null || cutsAtPauses(whisper.speech)
      ? await transcribeAtPauses(path, part, recording, batches)
      : await passThrough(path, part, { ...recording, whisper });
  const timings = recording.stopwatch.timings(run.loadTime);
  run.emit({ type: 'done', duration, timings });
}

/** @returns seconds of the recording, or of the given windows together */
function passThrough(path: string, part: AudioPart, recording: WhisperRecording): Promise<number> {
  const { longForm, conditionOnPrevious } = recording.whisper.speech;
  // What a window is made of must not depend on those before it.
  if (part.type !== 'all' && (longForm === 'chunked' || conditionOnPrevious)) {
    throw new VeerError(
      'OPTION_INVALID',
      `The ${longForm} long form that was asked for goes through a whole recording. Run the whole recording again, or cut it at pauses.`,
    );
  }
  recording.begin();
  return longForm === 'chunked'
    ? transcribeInChunks(path, recording, windowsPerBatch(recording))
    : transcribeSequentially(path, part, recording);
}

/** Batches of windows that are cut at pauses, of recordings with the same setup. */
export function windowBatches(setup: Setup<SpeechModel>): SharedBatches<Float32Array> {
  return new SharedBatches(setup, windowsPerBatch(setup));
}

function windowsPerBatch(
  setup: Pick<Setup<SpeechModel>, 'model' | 'batchSize' | 'search'>,
): number {
  return inputsPerBatch(setup, setup.model.windowsAtOnce ?? TRANSCRIBE_BATCH);
}

async function transcribeAtPauses(
  path: string,
  part: AudioPart,
  recording: Recording,
  batches: SharedBatches<Float32Array>,
): Promise<number> {
  const { model, emit, stopwatch } = recording;
  await using windows = new LazyWindows(path, part, recording);
  let batch: readonly PlannedWindow[] = [];
  await batches.through({
    ...recording,
    ...fileOf(recording, () => batch),
    next: async (most) => {
      batch = await stopwatch.time('read', () => windows.next(most));
      return unitsOf(batch, recording);
    },
    decoded: (outputs) => {
      for (const [place, output] of outputs.entries()) {
        const window = batch[place];
        if (window === undefined) continue;
        emit({ type: 'segment', segment: windowSegment(window, output, model.samplingRate) });
      }
      emit({ type: 'progress', ...windows.progress() });
    },
  });
  return windows.progress().done;
}

/** Windows of a file that is opened when the first of them is wanted. */
class LazyWindows implements AsyncDisposable {
  readonly #path: string;
  readonly #part: AudioPart;
  readonly #recording: Recording;
  #opened: {
    readonly source: WindowSource;
    readonly windows: ReturnType<WindowSource['windows']>;
  } | null = null;

  constructor(path: string, part: AudioPart, recording: Recording) {
    this.#path = path;
    this.#part = part;
    this.#recording = recording;
  }

  /** Up to `most`; fewer at the end. @throws VeerError of opening and reading the file */
  async next(most: number): Promise<readonly PlannedWindow[]> {
    this.#opened ??= await this.#open();
    const { windows } = this.#opened;
    const found: PlannedWindow[] = [];
    while (found.length < most) {
      const next = await windows.next();
      if (next.done) break;
      found.push(next.value);
    }
    return found;
  }

  progress() {
    return this.#opened?.source.progress() ?? { done: 0, total: null };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened?.source[Symbol.asyncDispose]();
  }

  async #open() {
    const { model, begin, signal, stopwatch } = this.#recording;
    stopwatch.begin();
    begin();
    const { windowSamples, samplingRate } = model;
    const source = await openWindows(this.#path, this.#part, {
      windowSamples,
      samplingRate,
      signal,
    });
    return { source, windows: source.windows() };
  }
}
