/**
 * How a recording is written down, beyond the search: what the reference implementation of Whisper
 * (openai/whisper, `transcribe.py`) offers. Names follow Hugging Face's `generation_whisper.py` where
 * it has one. docs/decoding.md has the rules. Left out or null is plain decoding, one window at a time.
 */

import { z } from 'zod';
import { VeerError } from './errors.ts';
import type { Search } from './search.ts';

/** The reference's own, in steps of 0.2. */
export const FALLBACK_TEMPERATURES: readonly number[] = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** When a window is decoded again at the next temperature. A null threshold is off. */
const fallbackSchema = z.strictObject({
  /** The first is tried first; 0 is the search that was asked for, above it tokens are drawn. */
  temperatures: z.array(z.number().min(0).max(10)).min(1).max(32),
  /** A text that compresses better than this repeats itself. */
  compressionRatioThreshold: z.number().positive().nullable(),
  /** A mean log-probability below this is too unsure. */
  logProbabilityThreshold: z.number().max(0).nullable(),
  /** Above this, and below the threshold of the log-probability: nobody speaks, and nothing is written. */
  noSpeechThreshold: z.number().min(0).max(1).nullable(),
  /** The same seed draws the same tokens, whatever else is in the batch. */
  seed: z.int().nonnegative(),
});
export type Fallback = z.infer<typeof fallbackSchema>;

export const LONG_FORMS = ['pauses', 'sequential', 'chunked'] as const;

export const speechSchema = z.strictObject({
  /** Write English whatever is spoken; multilingual models only. */
  toEnglish: z.boolean(),
  /** Phrases with start and end. */
  timestamps: z.boolean(),
  /** Words with start and end; the model's export must give its cross-attention. */
  wordTimes: z.boolean(),
  /** Text that the model takes for what was said before: names, spelling, style. */
  prompt: z.string().trim().min(1).max(10_000).nullable(),
  fallback: fallbackSchema.nullable(),
  /**
   * How a recording longer than a window is gone through. `pauses`: cut at pauses. `sequential`: the
   * next window begins at the last time that the model wrote. `chunked`: windows that overlap, whose
   * texts are joined where they agree.
   */
  longForm: z.enum(LONG_FORMS),
  /** Sequential only: the text so far is the prompt of the next window. */
  conditionOnPrevious: z.boolean(),
});
export type Speech = z.infer<typeof speechSchema>;

export const PLAIN_SPEECH: Speech = {
  toEnglish: false,
  timestamps: false,
  wordTimes: false,
  prompt: null,
  fallback: null,
  longForm: 'pauses',
  conditionOnPrevious: false,
};

/** Whether a window depends on nothing but its recording; otherwise on the windows before it, too. */
export function cutsAtPauses(speech: Speech | null): boolean {
  return (speech?.longForm ?? 'pauses') === 'pauses';
}

/** @throws VeerError OPTION_INVALID for options that do not go together */
export function requireSpeech(speech: Speech | null, search: Search | null): void {
  if (speech === null) return;
  const { fallback, longForm, conditionOnPrevious, timestamps, wordTimes } = speech;
  if (fallback !== null && search?.strategy === 'sample') {
    throw invalid('A temperature and a fallback over temperatures do not go together. Choose one.');
  }
  if (fallback?.temperatures.slice(1).includes(0)) {
    throw invalid('Temperature 0 can only come first: a second time it gives the same text.');
  }
  if (conditionOnPrevious && longForm !== 'sequential') {
    throw invalid('Only the sequential long form can go on from the text before.');
  }
  if (longForm === 'chunked' && (timestamps || wordTimes)) {
    throw invalid(
      'The chunked long form has no times below the window. Use pauses or sequential for them.',
    );
  }
  if (longForm !== 'pauses' && search?.strategy === 'beam' && search.returnSequences > 1) {
    throw invalid(`The ${longForm} long form gives one output per window, not several.`);
  }
}

function invalid(sentence: string): VeerError {
  return new VeerError('OPTION_INVALID', sentence);
}
