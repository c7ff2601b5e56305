/** An opened container, its main sound track, and what the file says about its own length. */

import { basename, extname, resolve } from 'node:path';
import {
  AV_NOPTS_VALUE,
  AV_TIME_BASE,
  AVDISCARD_ALL,
  AVERROR_DECODER_NOT_FOUND,
  AVMEDIA_TYPE_AUDIO,
} from 'node-av/constants';
import {
  type Codec,
  Dictionary,
  FFmpegError,
  FormatContext,
  InputFormat,
  type Stream,
} from 'node-av/lib';
import { VeerError } from '../../contract/errors.ts';
import { hasMediaSignature, type MediaFile } from './media-file.ts';

/**
 * How long the file must be if it is whole. `track`: so much sound must come out of it;
 * `file`: some track, sound or not, must reach so far.
 */
export interface ExpectedLength {
  readonly of: 'track' | 'file';
  readonly seconds: number;
}

/** Containers whose header counts the samples of each track. Others only guess. */
const COUNTS_TRACK = new Set(['mov', 'mp3', 'flac', 'aiff', 'w64', 'caf', 'wv', 'ape', 'tta']);
/** Containers whose header gives one length for all tracks together. */
const COUNTS_FILE = new Set(['matroska', 'asf']);
/** Lists of other files, and text drawn as pictures. */
const NOT_MEDIA = new Set(['hls', 'dash', 'concat', 'concatf', 'sdp', 'imf', 'tty']);

export class MediaInput implements AsyncDisposable {
  readonly context: FormatContext;
  readonly stream: Stream;
  readonly decoder: Codec;
  /** null when the file does not say how long it must be. */
  readonly expected: ExpectedLength | null;
  /** Seconds; the time stamp that players show as 0. */
  readonly start: number;
  /** Seconds, for progress; null when nothing is known. */
  readonly guessedDuration: number | null;
  #closed = false;

  constructor(context: FormatContext, track: Track, expected: ExpectedLength | null) {
    this.context = context;
    this.stream = track.stream;
    this.decoder = track.decoder;
    this.expected = expected;
    this.start = microseconds(context.startTime) ?? inSeconds(track.stream.startTime, track) ?? 0;
    const guess = microseconds(context.duration);
    this.guessedDuration = guess !== null && guess > 0 ? guess : null;
  }

  get closed(): boolean {
    return this.#closed;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.context.closeInput();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

interface Track {
  readonly stream: Stream;
  readonly decoder: Codec;
}

/**
 * @param path local file; never taken for a URL
 * @param file what `inspectMediaFile` said about it
 * @throws VeerError MEDIA_UNRECOGNISED, MEDIA_TRUNCATED, AUDIO_STREAM_MISSING
 */
export async function openMediaInput(path: string, file: MediaFile): Promise<MediaInput> {
  const context = new FormatContext();
  try {
    // "file:" keeps FFmpeg from reading a protocol into the name; the list keeps whatever the
    // file itself points to (playlists, references) off the network.
    using options = Dictionary.fromObject({ protocol_whitelist: 'file' });
    const opened = await context.openInput(`file:${resolve(path)}`, formatOf(path, file), options);
    if (opened < 0) throw unopened(file, opened);
    const format = context.iformat?.name?.split(',')[0] ?? '';
    if (NOT_MEDIA.has(format)) throw unrecognised(file);
    // Before the packets are looked at: afterwards guesses and header values look alike.
    const fileSeconds = microseconds(context.duration);
    const trackTicks = new Map(context.streams.map((stream) => [stream.index, stream.duration]));
    const analysed = await context.findStreamInfo();
    if (analysed < 0) throw unopened(file, analysed);

    const track = findTrack(context, file);
    if (COUNTS_FILE.has(format)) {
      const longest = context.streams.map((s) => inSeconds(trackTicks.get(s.index), { stream: s }));
      const seconds = fileSeconds ?? Math.max(0, ...longest.filter((s) => s !== null));
      return new MediaInput(context, track, expectation('file', seconds));
    }
    for (const stream of context.streams) {
      if (stream.index !== track.stream.index) stream.discard = AVDISCARD_ALL;
    }
    const seconds = COUNTS_TRACK.has(format)
      ? inSeconds(trackTicks.get(track.stream.index), track)
      : null;
    return new MediaInput(context, track, expectation('track', seconds));
  } catch (error) {
    await context.closeInput();
    throw error;
  }
}

/**
 * The format of a file whose name FFmpeg would take for the pattern of a series of pictures;
 * null for all other files, which FFmpeg finds out better by itself.
 */
function formatOf(path: string, file: MediaFile): InputFormat | null {
  const name = basename(path);
  return /[%*?{]/.test(name) ? InputFormat.probe(file.head, extname(name)) : null;
}

function findTrack(context: FormatContext, file: MediaFile): Track {
  const best = context.findBestStream(AVMEDIA_TYPE_AUDIO, -1, -1, true);
  const stream = context.streams.find((candidate) => candidate.index === best.streamIndex);
  if (stream !== undefined && best.decoder !== null) return { stream, decoder: best.decoder };
  if (best.streamIndex === AVERROR_DECODER_NOT_FOUND) {
    throw new VeerError(
      'MEDIA_UNRECOGNISED',
      `The sound in ${file.label} is coded or copy-protected in a way that cannot be read. Convert it to wav, mp3 or m4a first.`,
    );
  }
  // FFmpeg passes over sound tracks whose rate or channels it could not find out.
  const unreadable = context.streams.some(
    (candidate) => candidate.codecpar.codecType === AVMEDIA_TYPE_AUDIO,
  );
  if (unreadable) throw unopened(file, best.streamIndex);
  throw new VeerError(
    'AUDIO_STREAM_MISSING',
    `There is no sound in ${file.label}. Choose a file with a sound track.`,
  );
}

function expectation(of: ExpectedLength['of'], seconds: number | null): ExpectedLength | null {
  return seconds !== null && seconds > 0 ? { of, seconds } : null;
}

function microseconds(value: bigint): number | null {
  return value === AV_NOPTS_VALUE ? null : Number(value) / AV_TIME_BASE;
}

/** Ticks of a track's own clock in seconds. */
export function inSeconds(
  ticks: bigint | undefined,
  { stream }: Pick<Track, 'stream'>,
): number | null {
  if (ticks === undefined || ticks === AV_NOPTS_VALUE) return null;
  const { num, den } = stream.timeBase;
  return (Number(ticks) * num) / den;
}

function unopened(file: MediaFile, status: number): VeerError {
  if (!hasMediaSignature(file.head)) return unrecognised(file, FFmpegError.fromCode(status));
  return new VeerError(
    'MEDIA_TRUNCATED',
    `${file.label} begins like an audio or video file but is damaged or cut short. Copy or download it again.`,
    { cause: FFmpegError.fromCode(status) },
  );
}

export function unrecognised(file: MediaFile, cause?: unknown): VeerError {
  return new VeerError(
    'MEDIA_UNRECOGNISED',
    `${file.label} is not an audio or video file that can be read. Choose a recording, or convert it to wav, mp3 or m4a first.`,
    { cause },
  );
}
