/** Windows of one recording as units of a batch, and what the recording hears of them. */

import type { Encoded, SpeechModel } from '../models/model.ts';
import type { WhisperRun } from '../models/whisper/run.ts';
import { type BatchDecoder, type BatchFile, decodeBatch } from './decode-batch.ts';
import { readUnits, type Unit } from './encode-units.ts';
import type { DecodedInput } from './perturbed-decode.ts';
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
  const units = await readUnits(unitsOf(windows, recording), recording);
  const parts = [{ file: fileOf(recording, () => windows), units }];
  const [outputs = []] = await decodeBatch(parts, recording, recording.signal);
  return outputs;
}

export function unitsOf(
  windows: readonly PlannedWindow[],
  { stopwatch }: Recording,
): readonly Unit<Float32Array>[] {
  return windows.map((window) => ({
    name: `samples ${window.startSample} to ${window.endSample}`,
    input: async () => {
      const { samples, silent } = await stopwatch.time('read', () => window.read());
      // Digital silence is not decoded: models invent text for it.
      return silent ? null : samples;
    },
  }));
}

/** @param windows those of the recording that are in the batch */
export function fileOf(
  recording: Recording,
  windows: () => readonly PlannedWindow[],
): BatchFile<Float32Array> {
  const { cache, emit, stopwatch } = recording;
  return {
    stopwatch,
    encoded: () => {
      if (cache !== null) emit({ type: 'encoder-cache', ...cache.counts });
    },
    decoder: (first) => decoderOf(recording, first),
    partial: (place, texts) => {
      const window = windows()[place];
      if (window !== undefined) emit({ type: 'partial', index: window.index, texts: [...texts] });
    },
  };
}

async function decoderOf(
  { model, whisper, emit }: Recording,
  first: () => Encoded,
): Promise<BatchDecoder<Float32Array>> {
  if (whisper === null) return { decoder: model, key: '' };
  if (whisper.spokenLanguage === null) {
    const { language, probability } = await whisper.detectLanguage(first());
    emit({
      type: 'language',
      language: whisper.language ?? language,
      sourceLanguage: language,
      probability,
    });
  }
  return { decoder: whisper, key: whisper.spokenLanguage ?? '' };
}
