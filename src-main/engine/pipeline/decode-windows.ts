/** A batch of windows of one recording: read, encoded and decoded, silence left out. */

import type { SpeechModel } from '../models/model.ts';
import type { WhisperRun } from '../models/whisper/run.ts';
import { encodeUnits } from './encode-units.ts';
import { copied, type DecodedInput, perturbedDecode } from './perturbed-decode.ts';
import type { Run } from './run.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { PlannedWindow } from './window-source.ts';

/** What the passes through one recording share. */
export interface Recording extends Run<SpeechModel> {
  /** Null: the model decodes plainly. */
  readonly whisper: WhisperRun | null;
  readonly stopwatch: Stopwatch;
}

/** One whose windows depend on what was written. */
export interface WhisperRecording extends Recording {
  readonly whisper: WhisperRun;
}

/**
 * Emits partial texts, and the language once it is detected.
 *
 * @returns one output per window, timed from its start
 * @throws VeerError of reading the windows, CANCELLED
 */
export async function decodeWindows(
  windows: readonly PlannedWindow[],
  recording: Recording,
): Promise<readonly DecodedInput[]> {
  const { whisper, stopwatch, emit } = recording;
  const units = windows.map((window) => ({
    name: `samples ${window.startSample} to ${window.endSample}`,
    input: async () => {
      const { samples, silent } = await stopwatch.time('read', () => window.read());
      // Digital silence is not decoded: models invent text for it.
      return silent ? null : samples;
    },
  }));
  const audible = await encodeUnits(units, recording);
  if (recording.cache !== null) emit({ type: 'encoder-cache', ...recording.cache.counts });
  const decoded = new Map<number, DecodedInput>();
  const { encoded } = audible;
  if (encoded !== null) {
    if (whisper !== null && whisper.spokenLanguage === null) {
      const { language, probability } = await stopwatch.time('decode', () =>
        whisper.detectLanguage(encoded),
      );
      emit({
        type: 'language',
        language: whisper.language ?? language,
        sourceLanguage: language,
        probability,
      });
    }
    const outputs = await perturbedDecode(encoded, {
      ...recording,
      model: whisper ?? recording.model,
      inputNames: audible.units.map((place) => units[place]?.name ?? ''),
      onPartial: (texts) => {
        texts.forEach((variants, b) => {
          const window = windows[audible.units[b] ?? -1];
          if (window === undefined) return;
          emit({ type: 'partial', index: window.index, texts: [...variants] });
        });
      },
    });
    outputs.forEach((output, b) => {
      decoded.set(audible.units[b] ?? -1, output);
    });
  }
  return windows.map((_, place) => decoded.get(place) ?? copied('', recording.alphas));
}
