/**
 * Speech to text: a file of any length, cut into windows at silences and decoded in batches of
 * windows, with memory bounded by one batch.
 */

import type { Segment } from '../../contract/result.ts';
import { openAudio } from '../audio/decode-audio.ts';
import { type AudioWindow, splitIntoWindows } from '../audio/windows.ts';
import type { WhisperModel } from '../models/whisper.ts';
import { copied, type DecodedInput, perturbedDecode } from './perturbed-decode.ts';
import type { Run } from './run.ts';
import { Stopwatch } from './stopwatch.ts';

/** Windows per batch. Twice as many are a little cheaper, but the first texts come later. */
export const TRANSCRIBE_BATCH = 8;

/**
 * Emits progress, partial texts, one segment per window and `done`.
 *
 * @throws VeerError for a file that cannot be read (FILE_…, MEDIA_…, AUDIO_…), CANCELLED
 */
export async function transcribe(path: string, run: Run<WhisperModel>): Promise<void> {
  const { model, emit, signal } = run;
  const stopwatch = new Stopwatch();
  const audio = await stopwatch.time('read', () => openAudio(path, { signal }));
  try {
    const windows = splitIntoWindows(audio.chunks(signal), {
      windowSamples: model.windowSamples,
      samplingRate: model.samplingRate,
    });
    const batchSize = run.batchSize ?? TRANSCRIBE_BATCH;
    let duration = 0;
    for (let ended = false; !ended; ) {
      const batch: AudioWindow[] = [];
      while (batch.length < batchSize && !ended) {
        const next = await stopwatch.time('read', () => windows.next());
        if (next.done) ended = true;
        else batch.push(next.value);
      }
      await transcribeBatch(batch, run, stopwatch);
      duration = (batch.at(-1)?.endSample ?? 0) / model.samplingRate || duration;
      const total = audio.declaredDuration;
      emit({ type: 'progress', done: duration, total: total && Math.max(total, duration) });
    }
    emit({ type: 'done', duration, timings: stopwatch.timings(run.loadTime) });
  } finally {
    await audio.close();
  }
}

async function transcribeBatch(
  batch: readonly AudioWindow[],
  run: Run<WhisperModel>,
  stopwatch: Stopwatch,
): Promise<void> {
  // Digital silence is not decoded: models invent text for it.
  const audible = batch.filter((window) => !window.silent);
  const decoded = new Map<AudioWindow, DecodedInput>();
  if (audible.length > 0) {
    const outputs = await perturbedDecode(
      audible.map((window) => window.samples),
      {
        ...run,
        stopwatch,
        onPartial: (texts) => {
          audible.forEach((window, b) => {
            run.emit({ type: 'partial', index: window.index, texts: [...(texts[b] ?? [])] });
          });
        },
      },
    );
    audible.forEach((window, b) => {
      const output = outputs[b];
      if (output !== undefined) decoded.set(window, output);
    });
  }
  for (const window of batch) {
    const output = decoded.get(window) ?? copied('', run.alphas);
    run.emit({ type: 'segment', segment: toSegment(window, output, run.model.samplingRate) });
  }
}

function toSegment(window: AudioWindow, output: DecodedInput, samplingRate: number): Segment {
  return {
    index: window.index,
    start: window.startSample / samplingRate,
    end: window.endSample / samplingRate,
    source: null,
    separator: null,
    ...output,
  };
}
