/**
 * Reading texts that are known before the decoder runs, such as drafts or outputs to be judged: one
 * run reads several of them whole, and gives the logits of all their positions.
 */

import type { DecoderSession } from './decoder-session.ts';

/** A text and the encoder input that it is read for. */
export interface KnownText {
  readonly row: number;
  /** Not empty. */
  readonly prompt: readonly number[];
  /** What follows the prompt. */
  readonly tokens: readonly number[];
}

/** What of a session reads texts. */
export interface TextReader {
  readonly vocabulary: number;
  readonly peek: NonNullable<DecoderSession['peek']>;
}

/** Logits that one run may give: 128 MiB. */
const MOST_LOGITS = 2 ** 25;
/** Texts are read together while the longest is at most this many times as long as the shortest. */
const MOST_PADDING = 1.5;

/** Null for a session that cannot read texts within a known memory. */
export function textReader(session: DecoderSession): TextReader | null {
  const { vocabulary, peek } = session;
  if (vocabulary === undefined || vocabulary === null || peek === undefined) return null;
  return { vocabulary, peek: peek.bind(session) };
}

/** Texts of similar length, as many as the memory for their logits allows, in groups. */
export function groupTexts<Text extends KnownText>(
  texts: readonly Text[],
  vocabulary: number,
): readonly (readonly Text[])[] {
  const groups: Text[][] = [];
  for (const text of texts.toSorted((a, b) => a.tokens.length - b.tokens.length)) {
    const group = groups.at(-1);
    const positions = text.prompt.length + text.tokens.length;
    const fits =
      group?.[0] !== undefined &&
      text.tokens.length <= MOST_PADDING * group[0].tokens.length &&
      (group.length + 1) * positions * vocabulary <= MOST_LOGITS;
    if (fits) group.push(text);
    else groups.push([text]);
  }
  return groups;
}

/**
 * @param group prompts of one length
 * @returns the logits [vocabulary] from which token `i` of text `g` is chosen; `i` may be one beyond
 *   the last
 */
export async function readTexts(
  { peek, vocabulary }: TextReader,
  group: readonly KnownText[],
): Promise<(g: number, i: number) => Float32Array> {
  const longest = Math.max(...group.map(({ tokens }) => tokens.length));
  const tokens = group.map((text) => [
    ...text.prompt,
    ...text.tokens,
    ...new Array<number>(longest - text.tokens.length).fill(0),
  ]);
  const logits = await peek(
    group.map(({ row }) => row),
    tokens,
  );
  const positions = tokens[0]?.length ?? 0;
  return (g, i) => {
    const start = (g * positions + (group[g]?.prompt.length ?? 0) - 1 + i) * vocabulary;
    return logits.subarray(start, start + vocabulary);
  };
}
