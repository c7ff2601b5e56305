/** A whole recording in windows that may overlap, read as they are asked for. */

import { type AudioSource, openAudio } from '../audio/decode-audio.ts';
import { OverlappingReader } from '../audio/overlapping-reader.ts';
import { isSilent } from '../audio/windows.ts';
import type { Recording } from './decode-windows.ts';
import type { PlannedWindow } from './window-source.ts';

export interface OverlappingWindow extends PlannedWindow {
  /** Whether the recording ends with it. */
  readonly isLast: boolean;
}

export class OverlappingWindows implements AsyncDisposable {
  readonly #audio: AudioSource;
  readonly #reader: OverlappingReader;
  readonly #recording: Recording;

  private constructor(audio: AudioSource, recording: Recording) {
    this.#audio = audio;
    this.#reader = new OverlappingReader(audio.chunks(recording.signal));
    this.#recording = recording;
  }

  /** @throws VeerError of opening the file */
  static async open(path: string, recording: Recording): Promise<OverlappingWindows> {
    const audio = await recording.stopwatch.time('read', () => openAudio(path, recording));
    return new OverlappingWindows(audio, recording);
  }

  /**
   * The window that begins at a sample; shorter at the end of the recording, null behind it.
   *
   * @param startSample not before that of the call before
   * @throws VeerError of reading the file
   */
  async at(index: number, startSample: number): Promise<OverlappingWindow | null> {
    const { model, stopwatch } = this.#recording;
    // With one more it is known whether anything follows.
    const read = await stopwatch.time('read', () =>
      this.#reader.read(startSample, model.windowSamples + 1),
    );
    if (read.length === 0) return null;
    const isLast = read.length <= model.windowSamples;
    const samples = read.slice(0, model.windowSamples);
    const endSample = startSample + samples.length;
    const window = { index, startSample, endSample, samples, silent: isSilent(samples) };
    return { index, startSample, endSample, isLast, read: () => Promise.resolve(window) };
  }

  /** Seconds up to a sample; `total` is null where the file does not say how long it is. */
  progress(endSample: number) {
    const done = endSample / this.#recording.model.samplingRate;
    const total = this.#audio.declaredDuration;
    return { done, total: total && Math.max(total, done) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#audio.close();
  }
}
