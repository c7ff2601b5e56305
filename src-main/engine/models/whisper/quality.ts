/**
 * Whether an output can be trusted (openai/whisper `transcribe.py`, `decode_with_fallback`).
 *
 * The compression ratio is that of the text's UTF-8, as OpenAI's; Hugging Face's is that of the token
 * ids. The mean log-probability is over all tokens and the end, before the temperature, in both.
 */

import { deflateSync } from 'node:zlib';
import type { Fallback } from '../../../contract/speech.ts';

export interface Measures {
  readonly compressionRatio: number;
  readonly averageLogProbability: number;
  /** Null for a model without a token for it. */
  readonly noSpeechProbability: number | null;
}

/** `again`: to be decoded at the next temperature. */
export type Verdict = 'accepted' | 'no-speech' | 'again';

/** Bytes of the text divided by those of its zlib stream; 0 for an empty text. */
export function compressionRatio(text: string): number {
  const bytes = Buffer.from(text.trim());
  return bytes.length / deflateSync(bytes).length;
}

export function judge(measures: Measures, thresholds: Fallback): Verdict {
  const { compressionRatio: ratio, averageLogProbability: average, noSpeechProbability } = measures;
  const {
    compressionRatioThreshold: highest,
    logProbabilityThreshold: lowest,
    noSpeechThreshold,
  } = thresholds;
  // NaN, of a model that gave no numbers, is no reason to draw again: the pipeline names it.
  const unsure = lowest !== null && average < lowest;
  const silent = noSpeechThreshold !== null && (noSpeechProbability ?? 0) > noSpeechThreshold;
  if (silent && (unsure || lowest === null)) return 'no-speech';
  return unsure || (highest !== null && ratio > highest) ? 'again' : 'accepted';
}
