/**
 * Any file that FFmpeg reads, as a stream of mono samples (16 kHz by itself) in bounded memory.
 *
 * Only local files are ever opened, whatever their names look like. Time in the stream is time in
 * the file: holes (a soundtrack that starts late, lost packets) are filled with silence. What this
 * does not promise: to notice that a file was cut short when its format does not say how long it
 * should be (raw mp3, ogg, ADTS, live recordings).
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { AV_LOG_QUIET } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { throwIfCancelled, VeerError } from '../../contract/errors.ts';
import { AudioDecoder } from './audio-decoder.ts';
import { judgeEnd } from './judge-end.ts';
import { inspectMediaFile, type MediaFile } from './media-file.ts';
import {
  type ExpectedLength,
  type MediaInput,
  openMediaInput,
  unrecognised,
} from './media-input.ts';
import { declaredWavSeconds } from './wav-header.ts';

// FFmpeg writes to stderr by itself; what matters comes back as named errors.
Log.setLevel(AV_LOG_QUIET);

/** Hz of a stream where nothing else is asked for: what the models take. */
export const SAMPLING_RATE = 16_000;
/** Enough for a second of sound; fewer pauses would delay an abort in files with little sound. */
const PACKETS_PER_TURN = 256;

export interface DecodeOptions {
  /** Aborting it makes the stream throw VeerError CANCELLED within about one chunk. */
  readonly signal?: AbortSignal | undefined;
  /** Hz, a whole number; 16000 by itself. */
  readonly samplingRate?: number;
}

export interface AudioSource extends AsyncDisposable {
  /** Seconds that the file claims or FFmpeg guesses; for progress only. null: unknown. */
  readonly declaredDuration: number | null;
  /**
   * Mono samples, about [-1, 1], in chunks of one second (the last one shorter); each
   * chunk is the caller's to keep. Can be called once. A file that ends too early gives all the
   * audio it has before the error.
   * @throws VeerError CANCELLED, AUDIO_EMPTY, MEDIA_TRUNCATED, MEDIA_UNRECOGNISED
   */
  chunks(signal?: AbortSignal): AsyncGenerator<Float32Array, void, undefined>;
  /** Releases the file. Safe to call twice, and while a chunk is being waited for. */
  close(): Promise<void>;
}

/**
 * Opens a local audio or video file and picks its main sound track.
 * @throws VeerError FILE_NOT_FOUND, FILE_IS_DIRECTORY, FILE_EMPTY, FILE_UNREADABLE,
 *   MEDIA_UNRECOGNISED, MEDIA_TRUNCATED (cannot even be opened), AUDIO_STREAM_MISSING, CANCELLED
 */
export async function openAudio(path: string, options: DecodeOptions = {}): Promise<AudioSource> {
  throwIfCancelled(options.signal);
  const file = await inspectMediaFile(path);
  const input = await openMediaInput(path, file);
  if (options.signal?.aborted === true) await input.close();
  throwIfCancelled(options.signal);
  return new OpenedAudio(file, input, options.samplingRate ?? SAMPLING_RATE);
}

/**
 * `openAudio` and its chunks in one, closed on every way out.
 * @throws VeerError as `openAudio` and `AudioSource.chunks`
 */
export async function* decodeAudio(
  path: string,
  options: DecodeOptions = {},
): AsyncGenerator<Float32Array, void, undefined> {
  await using source = await openAudio(path, options);
  yield* source.chunks(options.signal);
}

class OpenedAudio implements AudioSource {
  readonly declaredDuration: number | null;
  readonly #file: MediaFile;
  readonly #expected: ExpectedLength | null;
  readonly #input: MediaInput;
  readonly #samplingRate: number;
  #started = false;

  constructor(file: MediaFile, input: MediaInput, samplingRate: number) {
    this.#file = file;
    this.#samplingRate = samplingRate;
    this.#input = input;
    const wavSeconds = declaredWavSeconds(file.head, file.size);
    this.#expected = wavSeconds === null ? input.expected : { of: 'track', seconds: wavSeconds };
    this.declaredDuration = wavSeconds ?? input.guessedDuration;
  }

  async *chunks(signal?: AbortSignal): AsyncGenerator<Float32Array, void, undefined> {
    if (this.#started) throw new VeerError('INTERNAL', 'An audio source can be read only once.');
    this.#started = true;
    this.#refuseUse(signal);
    using decoder = this.#openDecoder();
    while (!decoder.ended) {
      decoder.run(PACKETS_PER_TURN);
      for (const chunk of decoder.take()) {
        yield chunk;
        this.#refuseUse(signal);
      }
      // Decoding is synchronous; without a pause an abort could never be heard.
      await nextTurn();
      this.#refuseUse(signal);
    }
    const rest = decoder.takeRest();
    if (rest !== null) yield rest;
    const error = judgeEnd(this.#file, this.#expected, decoder);
    if (error !== null) throw error;
  }

  close(): Promise<void> {
    return this.#input.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #openDecoder(): AudioDecoder {
    try {
      // Chunks of one second, so that progress and cancelling are smooth.
      return new AudioDecoder(this.#input, this.#samplingRate, this.#samplingRate);
    } catch (cause) {
      throw unrecognised(this.#file, cause);
    }
  }

  /** A closed input must not reach the native library: it would crash the process. */
  #refuseUse(signal: AbortSignal | undefined): void {
    throwIfCancelled(signal);
    if (this.#input.closed) throw new VeerError('CANCELLED', 'The audio file was closed.');
  }
}
