/**
 * The windows that a request is about: those of a whole recording, those of the rest of it, or some
 * that were cut before. The last kind opens the file only when a window must be read.
 */

import type { AudioPart } from '../../contract/engine-contract.ts';
import { VeerError } from '../../contract/errors.ts';
import { type AudioSource, openAudio } from '../audio/decode-audio.ts';
import { SpanReader, withoutFirst } from '../audio/span-reader.ts';
import { type AudioWindow, isSilent, splitIntoWindows } from '../audio/windows.ts';

export interface PlannedWindow extends Pick<AudioWindow, 'index' | 'startSample' | 'endSample'> {
  /** In the order of the windows. @throws VeerError of reading the file */
  read(): Promise<AudioWindow>;
}

export interface WindowSource extends AsyncDisposable {
  /** Can be called once. @throws VeerError of reading the file */
  windows(): AsyncIterator<PlannedWindow, void, undefined>;
  /**
   * Seconds up to the last window handed out: from the start of the file, or of the given windows
   * together. `total` is null where the file does not say how long it is.
   */
  progress(): { readonly done: number; readonly total: number | null };
}

export interface WindowSourceOptions {
  readonly windowSamples: number;
  /** Hz. */
  readonly samplingRate: number;
  readonly signal: AbortSignal;
}

/** @throws VeerError of opening the file, OPTION_INVALID, CANCELLED */
export async function openWindows(
  path: string,
  part: AudioPart,
  options: WindowSourceOptions,
): Promise<WindowSource> {
  if (part.type === 'windows') return new GivenWindows(path, part.windows, options);
  const audio = await openAudio(path, options);
  return new RecordingWindows(audio, part.type === 'all' ? { index: 0, start: 0 } : part, options);
}

class RecordingWindows implements WindowSource {
  readonly #audio: AudioSource;
  readonly #options: WindowSourceOptions;
  readonly #first: { readonly index: number; readonly startSample: number };
  #endSample: number;

  constructor(
    audio: AudioSource,
    first: { readonly index: number; readonly start: number },
    options: WindowSourceOptions,
  ) {
    const startSample = Math.round(first.start * options.samplingRate);
    this.#audio = audio;
    this.#options = options;
    this.#first = { index: first.index, startSample };
    this.#endSample = startSample;
  }

  async *windows(): AsyncGenerator<PlannedWindow, void, undefined> {
    const chunks = withoutFirst(this.#audio.chunks(this.#options.signal), this.#first.startSample);
    for await (const window of splitIntoWindows(chunks, { ...this.#options, first: this.#first })) {
      this.#endSample = window.endSample;
      const { index, startSample, endSample } = window;
      yield { index, startSample, endSample, read: () => Promise.resolve(window) };
    }
  }

  progress() {
    const done = this.#endSample / this.#options.samplingRate;
    const total = this.#audio.declaredDuration;
    return { done, total: total && Math.max(total, done) };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#audio.close();
  }
}

type Span = Extract<AudioPart, { type: 'windows' }>['windows'][number];

type SampleSpan = Pick<AudioWindow, 'index' | 'startSample' | 'endSample'>;

/** @throws VeerError OPTION_INVALID for windows that overlap or do not fit the model */
export function givenSpans(
  spans: readonly Span[],
  { windowSamples, samplingRate }: Pick<WindowSourceOptions, 'windowSamples' | 'samplingRate'>,
): readonly SampleSpan[] {
  let last = 0;
  return spans.map(({ index, start, end }) => {
    const startSample = Math.round(start * samplingRate);
    const endSample = Math.round(end * samplingRate);
    const length = endSample - startSample;
    if (startSample < last || length <= 0 || length > windowSamples) {
      throw new VeerError(
        'OPTION_INVALID',
        `Window ${index} cannot be run: it overlaps the one before or does not fit the model. Run the whole recording again.`,
      );
    }
    last = endSample;
    return { index, startSample, endSample };
  });
}

class GivenWindows implements WindowSource {
  readonly #path: string;
  readonly #spans: readonly SampleSpan[];
  readonly #options: WindowSourceOptions;
  #opened: { readonly audio: AudioSource; readonly reader: SpanReader } | null = null;
  #doneSamples = 0;

  /** @throws VeerError OPTION_INVALID */
  constructor(path: string, spans: readonly Span[], options: WindowSourceOptions) {
    this.#path = path;
    this.#options = options;
    this.#spans = givenSpans(spans, options);
  }

  async *windows(): AsyncGenerator<PlannedWindow, void, undefined> {
    for (const span of this.#spans) {
      this.#doneSamples += span.endSample - span.startSample;
      yield { ...span, read: () => this.#read(span) };
    }
  }

  progress() {
    const all = this.#spans.reduce((sum, span) => sum + span.endSample - span.startSample, 0);
    const { samplingRate } = this.#options;
    return { done: this.#doneSamples / samplingRate, total: all / samplingRate };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened?.audio.close();
  }

  async #read(span: SampleSpan): Promise<AudioWindow> {
    if (this.#opened === null) {
      const audio = await openAudio(this.#path, this.#options);
      this.#opened = { audio, reader: new SpanReader(audio.chunks(this.#options.signal)) };
    }
    const samples = await this.#opened.reader.read(span.startSample, span.endSample);
    return { ...span, samples, silent: isSilent(samples) };
  }
}
