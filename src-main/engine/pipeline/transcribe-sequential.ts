/**
 * A long recording as the reference goes through it (openai/whisper `transcribe.py`): the next window
 * begins at the last time that the model wrote, one window at a time. With several α the first one
 * says where; of the others counts what begins before that time.
 */

import type { AudioPart } from '../../contract/engine-contract.ts';
import type { Variant } from '../../contract/result.ts';
import { stepsWritten, timedBefore } from '../models/whisper/phrases.ts';
import { decodeWindows, type WhisperRecording } from './decode-windows.ts';
import { OverlappingWindows } from './overlapping-windows.ts';
import type { DecodedInput } from './perturbed-decode.ts';
import { windowSegment } from './window-segment.ts';
import { givenSpans } from './window-source.ts';

/** An output drawn at a higher temperature is no good beginning for the next. */
const HIGHEST_TEMPERATURE_TO_GO_ON = 0.5;

/**
 * @returns seconds of the recording, or of the given windows together
 * @throws VeerError of reading the file, OPTION_INVALID for windows that cannot be, CANCELLED
 */
export async function transcribeSequentially(
  path: string,
  part: AudioPart,
  recording: WhisperRecording,
): Promise<number> {
  await using windows = await OverlappingWindows.open(path, recording);
  if (part.type === 'windows') return await writeAgain(part.windows, windows, recording);
  return await writeOn(part.type === 'all' ? { index: 0, start: 0 } : part, windows, recording);
}

/** From a place on, where the window before ended. */
async function writeOn(
  first: { readonly index: number; readonly start: number },
  windows: OverlappingWindows,
  recording: WhisperRecording,
): Promise<number> {
  const { model, whisper, emit } = recording;
  const { samplingRate } = model;
  let start = Math.round(first.start * samplingRate);
  let written: readonly number[] = [];
  for (let { index } = first; ; index++) {
    const window = await windows.at(index, start);
    if (window === null) break;
    const [output] = await decodeWindows([window], recording);
    if (output === undefined) break;
    const steps = stepsWritten(output.variants[0]?.tokenIds ?? [], whisper.firstTimestamp);
    const length = window.endSample - window.startSample;
    const read =
      steps === null
        ? length
        : Math.min(length, Math.round(steps * whisper.secondsPerStep * samplingRate));
    const kept = steps === null ? output : upTo(output, steps, recording);
    start += read;
    const span = { index, startSample: window.startSample, endSample: start };
    emit({ type: 'segment', segment: windowSegment(span, kept, samplingRate) });
    emit({ type: 'progress', ...windows.progress(start) });
    if (!whisper.speech.conditionOnPrevious) continue;
    const surest = kept.variants[0];
    const unsure = (surest?.quality?.temperature ?? 0) > HIGHEST_TEMPERATURE_TO_GO_ON;
    written = unsure ? [] : [...written, ...(surest?.tokenIds ?? [])];
    whisper.continueFrom(written);
  }
  return start / samplingRate;
}

/** Windows that were written before, each up to where it counted then. */
async function writeAgain(
  spans: Extract<AudioPart, { readonly type: 'windows' }>['windows'],
  windows: OverlappingWindows,
  recording: WhisperRecording,
): Promise<number> {
  const { model, whisper, emit } = recording;
  const { samplingRate } = model;
  const given = givenSpans(spans, model);
  const total = given.reduce((sum, { startSample, endSample }) => sum + endSample - startSample, 0);
  let done = 0;
  for (const span of given) {
    const window = await windows.at(span.index, span.startSample);
    const [output] = window === null ? [] : await decodeWindows([window], recording);
    if (window === null || output === undefined) break;
    const read = span.endSample - span.startSample;
    const steps =
      span.endSample < window.endSample
        ? Math.round(read / samplingRate / whisper.secondsPerStep)
        : stepsBehind(read / samplingRate, output, recording);
    const kept = steps === null ? output : upTo(output, steps, recording);
    emit({ type: 'segment', segment: windowSegment(span, kept, samplingRate) });
    done += read;
    emit({ type: 'progress', done: done / samplingRate, total: total / samplingRate });
  }
  return done / samplingRate;
}

/** Where the text itself counts up to a time that is not before the end of its window, else null. */
function stepsBehind(
  seconds: number,
  { variants }: DecodedInput,
  { whisper }: WhisperRecording,
): number | null {
  const steps = stepsWritten(variants[0]?.tokenIds ?? [], whisper.firstTimestamp);
  return steps !== null && steps * whisper.secondsPerStep >= seconds ? steps : null;
}

function upTo(output: DecodedInput, steps: number, { whisper }: WhisperRecording): DecodedInput {
  const time = steps * whisper.secondsPerStep;
  return {
    ...output,
    variants: output.variants.map((variant): Variant => {
      const tokenIds = timedBefore(variant.tokenIds, whisper.firstTimestamp, steps);
      const { phrases, words } = variant;
      return {
        ...variant,
        tokenIds: [...tokenIds],
        text: whisper.text(tokenIds),
        ...(phrases && { phrases: whisper.phrases(tokenIds, time) }),
        ...(words && { words: words.filter(({ start }) => start < time) }),
      };
    }),
  };
}
