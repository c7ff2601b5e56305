/**
 * How probable the decoder finds outputs that were looked for elsewhere, such as under another
 * encoder output: the evidence by which one of several is chosen.
 */

import { throwIfCancelled } from '../../contract/errors.ts';
import type { DecoderSession } from './decoder-session.ts';
import type { Hypothesis } from './hypothesis.ts';
import {
  groupTexts,
  type KnownText,
  readTexts,
  type TextReader,
  textReader,
} from './read-texts.ts';
import { tokenLogProbability } from './token-log-probability.ts';

export type GivenOutput = Pick<Hypothesis, 'tokenIds' | 'finishReason'>;

export interface JudgeOptions {
  /** One per row. */
  readonly outputs: readonly GivenOutput[];
  /** Decoder prompt of each row, all of one length. */
  readonly prompts: readonly (readonly number[])[];
  /** The first one is what an output that ended is taken to have ended with. */
  readonly endOfTextIds: readonly number[];
  readonly signal: AbortSignal;
}

interface Text extends KnownText {
  readonly targets: readonly number[];
}

/**
 * @param session has read nothing
 * @returns the outputs with the natural log-probability of each token (the end-of-text token included
 *   where they ended with one) in the model's own distribution, without logits processors
 * @throws VeerError CANCELLED between two runs
 */
export async function judgeOutputs(
  session: DecoderSession,
  { outputs, prompts, endOfTextIds, signal }: JudgeOptions,
): Promise<readonly Hypothesis[]> {
  const texts = outputs.map(({ tokenIds, finishReason }, row): Text => {
    const ended = finishReason === 'end-of-text';
    const targets = ended ? [...tokenIds, ...endOfTextIds.slice(0, 1)] : tokenIds;
    return { row, prompt: prompts[row] ?? [], tokens: targets.slice(0, -1), targets };
  });
  const reader = textReader(session);
  const found =
    reader === null
      ? await judgeStepByStep(session, texts, signal)
      : await judgeWhole(reader, texts, signal);
  return outputs.map(({ tokenIds, finishReason }, row) => {
    return { tokenIds, finishReason, tokenLogProbabilities: found[row] ?? [] };
  });
}

async function judgeWhole(
  reader: TextReader,
  texts: readonly Text[],
  signal: AbortSignal,
): Promise<readonly (readonly number[])[]> {
  const found: (readonly number[])[] = [];
  for (const group of groupTexts(texts, reader.vocabulary)) {
    throwIfCancelled(signal);
    const logitsOf = await readTexts(reader, group);
    for (const [g, { row, targets }] of group.entries()) {
      found[row] = targets.map((id, i) => tokenLogProbability(logitsOf(g, i), id));
    }
  }
  return found;
}

/** For sessions that cannot read a text at once. */
async function judgeStepByStep(
  session: DecoderSession,
  texts: readonly Text[],
  signal: AbortSignal,
): Promise<readonly (readonly number[])[]> {
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
      if (id !== undefined) found[t]?.push(tokenLogProbability(own, id));
    }
    tokens = texts.map(({ targets }) => [targets[i] ?? 0]);
  }
  return found;
}
