/**
 * Phrases with start and end out of tokens with timestamps, and how far a window was written down
 * (openai/whisper `transcribe.py`; `_retrieve_segment` in Hugging Face's `generation_whisper.py`).
 *
 * Both give a window without a pair of timestamps as one phrase from the window's start; here it
 * begins at the timestamp that the model wrote first.
 */

/** Seconds from the start of the window. */
export interface TokenPhrase {
  readonly start: number;
  readonly end: number;
  /** Text tokens only. */
  readonly tokenIds: readonly number[];
}

export interface Clock {
  readonly firstTimestamp: number;
  /** Of one step of the timestamps. */
  readonly secondsPerStep: number;
  /** Seconds of the window; no phrase reaches beyond. */
  readonly duration: number;
}

/** Text after the last timestamp lasts until the window ends. Phrases without text are left out. */
export function phrasesOf(
  tokenIds: readonly number[],
  { firstTimestamp, secondsPerStep, duration }: Clock,
): readonly TokenPhrase[] {
  const phrases: TokenPhrase[] = [];
  let start = 0;
  let text: number[] = [];
  const close = (end: number) => {
    if (text.length > 0) phrases.push({ start, end: Math.max(start, end), tokenIds: text });
    text = [];
  };
  for (const id of tokenIds) {
    if (id < firstTimestamp) {
      text.push(id);
      continue;
    }
    const time = Math.min(duration, (id - firstTimestamp) * secondsPerStep);
    close(time);
    start = time;
  }
  close(duration);
  return phrases;
}

/**
 * What of a window counts where the audio goes on behind it: after the last pair of timestamps the
 * text may have been cut off, so it is left to the next window. A single timestamp at the end says
 * that nothing follows, and without a pair all is taken.
 *
 * @returns steps of the timestamps after which the next window begins; null at the end of this one
 */
export function stepsWritten(tokenIds: readonly number[], firstTimestamp: number): number | null {
  const isTimestamp = (at: number) => (tokenIds[at] ?? -1) >= firstTimestamp;
  const end = tokenIds.length;
  const pair = tokenIds.findLastIndex((_, i) => isTimestamp(i) && isTimestamp(i - 1));
  const singleAtEnd = isTimestamp(end - 1) && !isTimestamp(end - 2);
  if (pair < 0 || singleAtEnd) return null;
  const steps = (tokenIds[pair - 1] ?? firstTimestamp) - firstTimestamp;
  // A window must lead on: 0.00 twice says nothing.
  return steps > 0 ? steps : null;
}

/** Tokens up to the first timestamp that is `steps` or later, with it. */
export function timedBefore(
  tokenIds: readonly number[],
  firstTimestamp: number,
  steps: number,
): readonly number[] {
  const end = tokenIds.findIndex((id) => id >= firstTimestamp + steps);
  return end < 0 ? tokenIds : tokenIds.slice(0, end + 1);
}
