/**
 * A long recording as the reference goes through it (openai/whisper `transcribe.py`): the next window
 * begins at the last time that the model wrote, one window at a time. With several α the first one
 * says where; of the others counts what begins before that time.
 */

import type { Variant } from '../../contract/result.ts';
import { stepsWritten, timedBefore } from '../models/whisper/phrases.ts';
import { decodeWindows, type WhisperRecording } from './decode-windows.ts';
import { OverlappingWindows } from './overlapping-windows.ts';
import type { DecodedInput } from './perturbed-decode.ts';
import { windowSegment } from './window-segment.ts';

/** An output drawn at a higher temperature is no good beginning for the next. */
const HIGHEST_TEMPERATURE_TO_GO_ON = 0.5;

/**
 * @returns seconds of the recording
 * @throws VeerError of reading the file, CANCELLED
 */
export async function transcribeSequentially(
  path: string,
  recording: WhisperRecording,
): Promise<number> {
  const { model, whisper, emit } = recording;
  const { samplingRate } = model;
  await using windows = await OverlappingWindows.open(path, recording);
  let start = 0;
  let written: readonly number[] = [];
  for (let index = 0; ; index++) {
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
