/**
 * Whisper's rules for writing times (`ApplyTimestampRules` of openai/whisper `decoding.py`;
 * `WhisperTimeStampLogitsProcessor` of Hugging Face): timestamps come in pairs, begin the text, never
 * go back, and are written where they are together more probable than every other token. Text tokens
 * have ids below end-of-text, timestamps are the last ids.
 *
 * The two differ in one point: where the model's files give no latest first timestamp, OpenAI's takes
 * one second and Hugging Face's none. Hugging Face's is followed.
 */

import { argmax } from './greedy.ts';
import { logSumExpAbove } from './log-sum-exp.ts';
import type { LogitsContext, LogitsProcessor } from './logits-processors.ts';

export interface TimestampTokens {
  /** Id of the token that says "no timestamps". */
  readonly noTimestamps: number;
  /** Id of 0.00 seconds. */
  readonly first: number;
  readonly endOfText: number;
  /** The first timestamp may be so many steps after 0.00; null for any. */
  readonly maxInitial: number | null;
}

export class TimestampRules implements LogitsProcessor {
  readonly #tokens: TimestampTokens;

  constructor(tokens: TimestampTokens) {
    this.#tokens = tokens;
  }

  process(logits: Float32Array, { generated }: LogitsContext): void {
    const { noTimestamps, first, endOfText, maxInitial } = this.#tokens;
    logits[noTimestamps] = Number.NEGATIVE_INFINITY;
    const isTimestamp = (id: number | undefined) => id !== undefined && id >= first;
    const afterTimestamp = isTimestamp(generated.at(-1));
    // The one at the begin stands alone.
    const afterPair = afterTimestamp && (generated.length < 2 || isTimestamp(generated.at(-2)));
    const open = afterTimestamp && !afterPair;
    if (afterPair) forbid(logits, first, logits.length);
    if (open) forbid(logits, 0, endOfText);
    const last = generated.findLast(isTimestamp);
    // The end of one phrase may be the begin of the next, but a phrase lasts.
    if (last !== undefined) forbid(logits, first, open ? last : last + 1);
    if (generated.length === 0) {
      forbid(logits, 0, first);
      if (maxInitial !== null) forbid(logits, first + maxInitial + 1, logits.length);
    }
    if (timestampsWin(logits, first)) forbid(logits, 0, first);
  }
}

/** Whether all timestamps together are more probable than the best other token. */
function timestampsWin(logits: Float32Array, first: number): boolean {
  const times = logits.subarray(first);
  const best = times[argmax(times)] ?? Number.NEGATIVE_INFINITY;
  if (best === Number.NEGATIVE_INFINITY) return false;
  const others = logits.subarray(0, first);
  return best + logSumExpAbove(times, best) > (others[argmax(others)] as number);
}

function forbid(logits: Float32Array, from: number, to: number): void {
  logits.fill(Number.NEGATIVE_INFINITY, from, to);
}
