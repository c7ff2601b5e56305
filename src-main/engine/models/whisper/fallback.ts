/**
 * Decoding with temperature fallback: every row is measured, and decoded again from the same encoder
 * output where it cannot be trusted.
 */

import type { OutputDetails } from '../../../contract/result.ts';
import type { Fallback } from '../../../contract/speech.ts';
import { averageLogProbability, type RowOutput } from '../../decoding/hypothesis.ts';
import { tokenLogProbability } from '../../decoding/token-log-probability.ts';
import { dimension } from '../../onnx/tensor.ts';
import { generate, generateAtTemperature } from '../generation.ts';
import type { DecodeOptions, Encoded } from '../model.ts';
import { selectEncoded } from '../select-encoded.ts';
import { generateOptions, sessionFor, textOf, type WhisperDecoding } from './decoding.ts';
import { compressionRatio, judge, type Verdict } from './quality.ts';
import { StartProbe } from './start-probe.ts';
import { withFallback } from './temperature-fallback.ts';

/** An output and how it came about. */
export interface JudgedOutput {
  readonly output: RowOutput;
  readonly quality: NonNullable<OutputDetails['quality']>;
}

/** @throws VeerError CANCELLED */
export async function decodeWithFallback(
  decoding: WhisperDecoding,
  encoded: Encoded,
  fallback: Fallback,
  options: DecodeOptions,
): Promise<readonly JudgedOutput[]> {
  const rows = dimension(encoded.hiddenStates, 0);
  const texts: (readonly number[])[] = Array.from({ length: rows }, () => []);
  const startLength = decoding.prompt.indexOf(decoding.parts.tokens.start) + 1;
  // It is about the window and not its text, so it is measured once.
  let noSpeech: readonly (number | null)[] | null = null;
  const judged = await withFallback<JudgedOutput & { readonly verdict: Verdict }>(rows, {
    temperatures: fallback.temperatures,
    isAccepted: ({ verdict }) => verdict !== 'again',
    decode: async (open, temperature) => {
      const part = open.length === rows ? encoded : selectEncoded(encoded, open);
      const probe = new StartProbe(sessionFor(decoding, part), startLength);
      const session = noSpeech === null ? probe : sessionFor(decoding, part);
      const attempt = generateOptions(decoding, part, {
        ...options,
        // Every temperature draws numbers of its own.
        streamNames: open.map((row) => `${options.streamNames?.[row] ?? row} at ${temperature}`),
        onStep: (tokens) => {
          for (const [i, row] of open.entries()) texts[row] = tokens[i] ?? [];
          options.onStep?.(texts);
        },
      });
      const outputs =
        temperature === 0
          ? await generate(session, attempt)
          : await generateAtTemperature(session, { temperature, seed: fallback.seed }, attempt);
      noSpeech ??= noSpeechProbabilities(probe.startLogits, rows, decoding);
      const measured = noSpeech;
      return outputs.map((output, i) => {
        const of = { temperature, noSpeechProbability: measured[open[i] ?? -1] ?? null };
        return judgedOutput(output, textOf(decoding.parts, output.tokenIds), fallback, of);
      });
    },
  });
  return judged.map(({ output, quality }) => ({ output, quality }));
}

function judgedOutput(
  output: RowOutput,
  text: string,
  fallback: Fallback,
  of: { readonly temperature: number; readonly noSpeechProbability: number | null },
): JudgedOutput & { readonly verdict: Verdict } {
  const ratio = compressionRatio(text);
  const verdict = judge(
    {
      compressionRatio: ratio,
      averageLogProbability: averageLogProbability(output),
      noSpeechProbability: of.noSpeechProbability,
    },
    fallback,
  );
  const noSpeech = verdict === 'no-speech';
  return {
    output: noSpeech ? { ...output, tokenIds: [] } : output,
    verdict,
    quality: {
      temperature: of.temperature,
      seed: of.temperature === 0 ? null : fallback.seed,
      compressionRatio: ratio,
      noSpeechProbability: of.noSpeechProbability,
      noSpeech,
    },
  };
}

/** @param logits [rows × vocabulary] after the start token, before any rule */
function noSpeechProbabilities(
  logits: Float32Array | null,
  rows: number,
  { parts }: WhisperDecoding,
): readonly (number | null)[] {
  const { noSpeech } = parts.tokens;
  return Array.from({ length: rows }, (_, row) => {
    if (noSpeech === null || logits === null) return null;
    const size = logits.length / rows;
    const values = logits.subarray(row * size, (row + 1) * size);
    return Math.min(1, Math.exp(tokenLogProbability(values, noSpeech)));
  });
}
