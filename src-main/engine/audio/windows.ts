/**
 * Cuts a stream of samples into windows that a model can take, at pauses. Memory is one window,
 * whatever the length of the file, and the result does not depend on how the stream was chunked.
 */

import { VeerError } from '../../contract/errors.ts';
import { findCut } from './find-cut.ts';

export interface WindowOptions {
  /** Longest window in samples: what the model takes. */
  readonly windowSamples: number;
  /** Hz. */
  readonly samplingRate: number;
  /**
   * Where the stream begins, if not at the start of the file: index and first sample of the first
   * window. At the end of an earlier window, the windows that follow are those of the whole file.
   */
  readonly first?: { readonly index: number; readonly startSample: number };
}

export interface AudioWindow {
  /** 0, 1, 2, … */
  readonly index: number;
  /** `[endSample - startSample]`, mono; the receiver's to keep. */
  readonly samples: Float32Array;
  /** Offset of the first sample in the file. */
  readonly startSample: number;
  /** Offset after the last sample in the file. */
  readonly endSample: number;
  /** True when nothing is in the window, not even noise: there is no need to decode it. */
  readonly silent: boolean;
}

/** Full scale is 1; one step of 16-bit audio is 3e-5. Lossy codecs leave less than this. */
const SILENCE = 1e-5;

/**
 * Every sample of the stream is in exactly one window, in order. What fits into one window stays
 * whole; otherwise each cut lies in the middle of the best pause in the later part of the window.
 * @param chunks mono samples in pieces of any length
 * @throws VeerError OPTION_INVALID, and whatever `chunks` throws
 */
export async function* splitIntoWindows(
  chunks: AsyncIterable<Float32Array>,
  options: WindowOptions,
): AsyncGenerator<AudioWindow, void, undefined> {
  const { windowSamples, samplingRate } = options;
  checkOption('windowSamples', windowSamples);
  checkOption('samplingRate', samplingRate);
  // One more than fits: only with it is it known that the rest is too long for one window.
  const buffer = new Float32Array(windowSamples + 1);
  let filled = 0;
  let { index, startSample } = options.first ?? { index: 0, startSample: 0 };

  const cutAt = (length: number): AudioWindow => {
    const samples = buffer.slice(0, length);
    buffer.copyWithin(0, length, filled);
    filled -= length;
    const endSample = startSample + length;
    const window = { index, samples, startSample, endSample, silent: isSilent(samples) };
    index++;
    startSample = endSample;
    return window;
  };

  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + buffer.length - filled);
      buffer.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled === buffer.length) {
        yield cutAt(findCut(buffer.subarray(0, windowSamples), samplingRate));
      }
    }
  }
  if (filled > 0) yield cutAt(filled);
}

/** Whether nothing is in the samples, not even noise. */
export function isSilent(samples: Float32Array): boolean {
  return samples.every((sample) => Math.abs(sample) < SILENCE);
}

function checkOption(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new VeerError(
    'OPTION_INVALID',
    `The audio setting ${name} is ${value}. It must be a whole number above 0.`,
  );
}
