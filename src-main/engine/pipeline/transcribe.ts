/**
 * Speech to text: a file of any length, cut into windows at silences and decoded in batches of
 * windows, with memory bounded by one batch.
 */

import type { AudioPart } from '../../contract/engine-contract.ts';
import type { Segment } from '../../contract/result.ts';
import type { SpeechModel } from '../models/model.ts';
import { encodeUnits } from './encode-units.ts';
import { copied, type DecodedInput, perturbedDecode } from './perturbed-decode.ts';
import { inputsPerBatch, type Run } from './run.ts';
import { Stopwatch } from './stopwatch.ts';
import { openWindows, type PlannedWindow } from './window-source.ts';

/** Windows per batch. Twice as many are a little cheaper, but the first texts come later. */
export const TRANSCRIBE_BATCH = 8;

/**
 * Emits progress, partial texts, one segment per window and `done`, whose duration is that of the
 * recording, or of the given windows together.
 *
 * @throws VeerError for a file that cannot be read (FILE_…, MEDIA_…, AUDIO_…), OPTION_INVALID for
 *   windows that cannot be, CANCELLED
 */
export async function transcribe(
  path: string,
  part: AudioPart,
  run: Run<SpeechModel>,
): Promise<void> {
  const { model, emit, signal } = run;
  const stopwatch = new Stopwatch();
  await using source = await stopwatch.time('read', () =>
    openWindows(path, part, {
      windowSamples: model.windowSamples,
      samplingRate: model.samplingRate,
      signal,
    }),
  );
  const windows = source.windows();
  const batchSize = inputsPerBatch(run, TRANSCRIBE_BATCH);
  for (let ended = false; !ended; ) {
    const batch: PlannedWindow[] = [];
    while (batch.length < batchSize && !ended) {
      const next = await stopwatch.time('read', () => windows.next());
      if (next.done) ended = true;
      else batch.push(next.value);
    }
    await transcribeBatch(batch, run, stopwatch);
    emit({ type: 'progress', ...source.progress() });
  }
  const duration = source.progress().done;
  emit({ type: 'done', duration, timings: stopwatch.timings(run.loadTime) });
}

async function transcribeBatch(
  batch: readonly PlannedWindow[],
  run: Run<SpeechModel>,
  stopwatch: Stopwatch,
): Promise<void> {
  const units = batch.map((window) => ({
    name: `samples ${window.startSample} to ${window.endSample}`,
    input: async () => {
      const { samples, silent } = await stopwatch.time('read', () => window.read());
      // Digital silence is not decoded: models invent text for it.
      return silent ? null : samples;
    },
  }));
  const audible = await encodeUnits(units, { ...run, stopwatch });
  if (run.cache !== null) run.emit({ type: 'encoder-cache', ...run.cache.counts });
  const decoded = new Map<number, DecodedInput>();
  if (audible.encoded !== null) {
    const outputs = await perturbedDecode(audible.encoded, {
      ...run,
      stopwatch,
      inputNames: audible.units.map((place) => units[place]?.name ?? ''),
      onPartial: (texts) => {
        texts.forEach((variants, b) => {
          const window = batch[audible.units[b] ?? -1];
          if (window === undefined) return;
          run.emit({ type: 'partial', index: window.index, texts: [...variants] });
        });
      },
    });
    outputs.forEach((output, b) => {
      decoded.set(audible.units[b] ?? -1, output);
    });
  }
  for (const [place, window] of batch.entries()) {
    const output = decoded.get(place) ?? copied('', run.alphas);
    run.emit({ type: 'segment', segment: toSegment(window, output, run.model.samplingRate) });
  }
}

function toSegment(window: PlannedWindow, output: DecodedInput, samplingRate: number): Segment {
  return {
    index: window.index,
    start: window.startSample / samplingRate,
    end: window.endSample / samplingRate,
    source: null,
    separator: null,
    ...output,
  };
}
