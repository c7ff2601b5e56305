/** Results for the tests of this room; not part of the product. */

import type { Result, Segment } from '../contract/result.ts';
import { GREEDY } from '../contract/search.ts';

const ALPHAS = [0, 0.25] as const;

type SegmentText = {
  readonly texts: readonly [string, string];
  readonly times?: readonly [number, number];
  readonly separator?: string;
};

/** A transcript where the pieces have times, else a translation. Key order is wrong on purpose. */
export function makeResult(
  pieces: readonly SegmentText[],
  duration: number | null,
  leading: string | null = null,
): Result {
  return {
    version: 1,
    format: 'veer-result',
    task: duration === null ? 'translate' : 'transcribe',
    source: { duration, path: 'input', leading },
    language: 'de',
    sourceLanguage: duration === null ? 'en' : 'de',
    model: {
      family: 'whisper',
      id: 'tiny',
      dtype: 'int8',
      encoderSha256: 'a'.repeat(64),
      decoderSha256: 'b'.repeat(64),
    },
    proxy: { id: 'wer', sha256: 'c'.repeat(64), metric: 'wer', direction: 'lower-is-better' },
    device: { used: 'cpu', requested: 'auto', fallbacks: [{ device: 'webgpu', reason: 'none' }] },
    threads: 4,
    alphas: [...ALPHAS],
    search: GREEDY,
    segments: pieces.map(makeSegment),
    timings: { read: 1, features: 2, encode: 3.5, proxy: 4, decode: 5, total: 16, load: 0 },
  };
}

function makeSegment({ texts, times, separator }: SegmentText, index: number): Segment {
  return {
    index,
    start: times?.[0] ?? null,
    end: times?.[1] ?? null,
    source: separator === undefined ? null : 'source',
    separator: separator ?? null,
    predictedScore: 0.5,
    gradientNorm: 1.25e-7,
    variants: ALPHAS.map((alpha, i) => ({
      text: texts[i] ?? '',
      alpha,
      tokenIds: [1, 2, 3],
      predictedScore: alpha === 0 ? 0.5 : null,
      averageLogProbability: -0.5,
      finishReason: 'end-of-text',
    })),
  };
}
