/**
 * A long recording in windows that overlap, decoded in batches, their tokens joined where they agree:
 * as the pipeline of Hugging Face's library does (`chunk_iter` of `automatic_speech_recognition.py`,
 * strides of a sixth of the window). Every window is a segment with the text that the joint one has
 * from it.
 */

import type { Variant } from '../../contract/result.ts';
import { overlapCut } from '../decoding/overlap-cut.ts';
import { decodeWindows, type WhisperRecording } from './decode-windows.ts';
import { OverlappingWindows } from './overlapping-windows.ts';
import type { DecodedInput } from './perturbed-decode.ts';
import { windowSegment } from './window-segment.ts';
import type { PlannedWindow } from './window-source.ts';

/** A window whose right end is not yet joined to the next one. */
interface Open {
  readonly window: PlannedWindow;
  readonly output: DecodedInput;
  /** Sample at which its segment begins. */
  readonly startSample: number;
}

/**
 * @param batchSize windows per batch
 * @returns seconds of the recording
 * @throws VeerError of reading the file, CANCELLED
 */
export async function transcribeInChunks(
  path: string,
  recording: WhisperRecording,
  batchSize: number,
): Promise<number> {
  const { model, emit } = recording;
  const stride = Math.round(model.windowSamples / 6);
  const step = model.windowSamples - 2 * stride;
  await using windows = await OverlappingWindows.open(path, recording);
  let open: Open | null = null;
  const close = (of: Open, endSample: number, output: DecodedInput) => {
    const { index } = of.window;
    const span = { index, startSample: of.startSample, endSample };
    emit({ type: 'segment', segment: windowSegment(span, output, model.samplingRate) });
  };
  for (let index = 0, ended = false; !ended; ) {
    const batch: PlannedWindow[] = [];
    while (batch.length < batchSize && !ended) {
      const window = await windows.at(index, index * step);
      if (window !== null) batch.push(window);
      ended = window === null || window.isLast;
      index++;
    }
    const outputs = await decodeWindows(batch, recording);
    for (const [place, output] of outputs.entries()) {
      const window = batch[place];
      if (window === undefined) continue;
      if (open === null) {
        open = { window, output, startSample: window.startSample };
        continue;
      }
      const [left, right] = joined(open.output, output, recording);
      const boundary = window.startSample + stride;
      close(open, boundary, left);
      open = { window, output: right, startSample: boundary };
    }
    emit({ type: 'progress', ...windows.progress(batch.at(-1)?.endSample ?? 0) });
  }
  const end = open?.window.endSample ?? 0;
  if (open !== null) close(open, end, open.output);
  return end / model.samplingRate;
}

/** Two windows that follow each other, without what both have. */
function joined(
  left: DecodedInput,
  right: DecodedInput,
  recording: WhisperRecording,
): readonly [DecodedInput, DecodedInput] {
  const pairs = left.variants.map((variant, a) => {
    const next = right.variants[a] ?? variant;
    const cut = overlapCut(variant.tokenIds, next.tokenIds);
    const before = variant.tokenIds.slice(0, cut.left);
    const after = next.tokenIds.slice(cut.right);
    // The cut may lie inside a word, which stays whole.
    const rest = recording.whisper.wordRest(before, after);
    return [
      withTokens(variant, [...before, ...after.slice(0, rest)], recording),
      withTokens(next, after.slice(rest), recording),
    ] as const;
  });
  return [
    { ...left, variants: pairs.map(([variant]) => variant) },
    { ...right, variants: pairs.map(([, variant]) => variant) },
  ];
}

function withTokens(
  variant: Variant,
  tokenIds: readonly number[],
  { whisper }: WhisperRecording,
): Variant {
  return { ...variant, tokenIds: [...tokenIds], text: whisper.text(tokenIds) };
}
