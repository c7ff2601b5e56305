/**
 * How probable the decoder finds outputs that were looked for elsewhere, such as under another
 * encoder output: the evidence by which one of several is chosen.
 */

import { throwIfCancelled } from '../../contract/errors.ts';
import type { DecoderSession } from './decoder-session.ts';
import { argmax } from './greedy.ts';
import type { Hypothesis } from './hypothesis.ts';
import { logSumExpAbove } from './log-sum-exp.ts';
import { groupTexts, type KnownText, readTexts, textReader } from './read-texts.ts';

/** An output, and the encoder input that it is judged for. */
export interface JudgedOutput extends Pick<Hypothesis, 'tokenIds' | 'finishReason'> {
  readonly row: number;
}

export interface JudgeOptions {
  readonly prompt: readonly number[];
  readonly endOfTextId: number;
  readonly signal: AbortSignal;
}

interface Text extends KnownText {
  readonly place: number;
  readonly targets: readonly number[];
}

/**
 * @param session has read nothing
 * @returns for each output the mean natural log-probability of its tokens, the end-of-text token
 *   included where it ended with one; in the model's own distribution, without logits processors
 * @throws VeerError CANCELLED between two runs
 */
export async function judgeOutputs(
  session: DecoderSession,
  outputs: readonly JudgedOutput[],
  { prompt, endOfTextId, signal }: JudgeOptions,
): Promise<readonly number[]> {
  const texts = outputs.map(({ row, tokenIds, finishReason }, place): Text => {
    const targets = finishReason === 'end-of-text' ? [...tokenIds, endOfTextId] : tokenIds;
    return { place, row, prompt, tokens: targets.slice(0, -1), targets };
  });
  const means = outputs.map(() => 0);
  const reader = textReader(session);
  if (reader === null) return judgeStepByStep(session, texts, signal);
  for (const group of groupTexts(texts, reader.vocabulary)) {
    throwIfCancelled(signal);
    const logitsOf = await readTexts(reader, group);
    for (const [g, { place, targets }] of group.entries()) {
      means[place] = mean(targets.map((id, i) => logProbability(logitsOf(g, i), id)));
    }
  }
  return means;
}

/** For sessions that cannot read a text at once. */
async function judgeStepByStep(
  session: DecoderSession,
  texts: readonly Text[],
  signal: AbortSignal,
): Promise<readonly number[]> {
  session.keepRows(texts.map(({ row }) => row));
  const found = texts.map((): number[] => []);
  const longest = Math.max(...texts.map(({ targets }) => targets.length));
  let tokens = texts.map(({ prompt }) => prompt);
  for (let i = 0; i < longest; i++) {
    throwIfCancelled(signal);
    const logits = await session.step(tokens);
    const vocabulary = logits.length / texts.length;
    for (const [t, { targets }] of texts.entries()) {
      const id = targets[i];
      const own = logits.subarray(t * vocabulary, (t + 1) * vocabulary);
      if (id !== undefined) found[t]?.push(logProbability(own, id));
    }
    tokens = texts.map(({ targets }) => [targets[i] ?? 0]);
  }
  return found.map(mean);
}

function logProbability(logits: Float32Array, id: number): number {
  const max = logits[argmax(logits)] ?? 0;
  return (logits[id] ?? Number.NaN) - max - logSumExpAbove(logits, max);
}

/** 0 for an output without tokens. */
function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
