/** Whether a decoded file ended as a healthy one does. */

import { FFmpegError } from 'node-av/lib';
import { VeerError } from '../../contract/errors.ts';
import { hasMediaSignature, type MediaFile } from './media-file.ts';
import { type ExpectedLength, unrecognised } from './media-input.ts';

/** A file counts as cut short when it lacks more than both of these (seconds, share of all). */
const TOLERATED_SECONDS = 0.5;
const TOLERATED_SHARE = 0.02;

/** How far decoding came; `AudioDecoder` has these. */
export interface DecodedLength {
  /** Whether any sound was decoded. */
  readonly hasSound: boolean;
  /** Seconds of sound, holes included. */
  readonly decodedSeconds: number;
  /** Seconds from the start of the file that packets of any track reached. */
  readonly reachedSeconds: number;
  /** FFmpeg's status if reading did not end at the end of the file. */
  readonly readError: number | null;
  readonly damagedPackets: number;
}

/**
 * @param expected what the file's header promises; null when it promises nothing
 * @returns MEDIA_TRUNCATED, AUDIO_EMPTY, MEDIA_UNRECOGNISED, or null for a healthy end
 */
export function judgeEnd(
  file: MediaFile,
  expected: ExpectedLength | null,
  decoded: DecodedLength,
): VeerError | null {
  const { decodedSeconds, readError, damagedPackets } = decoded;
  const cause = readError === null ? undefined : FFmpegError.fromCode(readError);
  if (expected !== null) {
    const reached = expected.of === 'track' ? decodedSeconds : decoded.reachedSeconds;
    const tolerated = Math.max(TOLERATED_SECONDS, TOLERATED_SHARE * expected.seconds);
    if (expected.seconds - reached > tolerated) {
      return new VeerError(
        'MEDIA_TRUNCATED',
        `${file.label} is cut short: it should last ${clock(expected.seconds)} but ends after ${clock(reached)}. Copy or download it again.`,
        { cause },
      );
    }
  }
  if (!decoded.hasSound) {
    if (damagedPackets === 0 && readError === null) {
      return new VeerError(
        'AUDIO_EMPTY',
        `The sound track of ${file.label} has no samples in it. Record or export it again.`,
      );
    }
    if (!hasMediaSignature(file.head)) return unrecognised(file, cause);
    return damaged(file, decodedSeconds, cause);
  }
  // With a promise kept, an odd end (tags, padding) is of no interest.
  return expected === null && readError !== null ? damaged(file, decodedSeconds, cause) : null;
}

function damaged(file: MediaFile, seconds: number, cause: unknown): VeerError {
  return new VeerError(
    'MEDIA_TRUNCATED',
    `${file.label} is damaged and cannot be read beyond ${clock(seconds)}. Copy or download it again.`,
    { cause },
  );
}

/** 3725.4 → "1:02:05", 12.34 → "0:12.3". */
function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  if (hours > 0) return `${hours}:${two(minutes)}:${two(whole % 60)}`;
  const tenths = seconds < 60 ? `.${Math.floor((seconds - whole) * 10)}` : '';
  return `${minutes}:${two(whole % 60)}${tenths}`;
}
