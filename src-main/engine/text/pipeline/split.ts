/** Cutting a text where a pattern matches. */

/** What becomes of a match, as the Python package names it. */
export const BEHAVIOURS = [
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/**
 * Cuts `text` where `pattern` matches.
 *
 * @param invert what lies between the matches is the match instead
 * @returns the parts, none of them empty
 */
export function split(
  text: string,
  pattern: RegExp,
  behaviour: Behaviour,
  invert = false,
): readonly string[] {
  const spans: { text: string; readonly match: boolean }[] = [];
  let end = 0;
  const push = (to: number, match: boolean) => {
    if (to > end) spans.push({ text: text.slice(end, to), match: match !== invert });
    end = Math.max(end, to);
  };
  for (const { 0: matched, index } of text.matchAll(pattern)) {
    push(index, false);
    push(index + matched.length, true);
  }
  push(text.length, false);
  switch (behaviour) {
    case 'Removed':
      return spans.flatMap((span) => (span.match ? [] : [span.text]));
    case 'Isolated':
      return spans.map((span) => span.text);
    case 'Contiguous':
      return joined(spans, (span, previous) => span.match === previous.match);
    case 'MergedWithPrevious':
      return joined(spans, (span, previous) => span.match && !previous.match);
    case 'MergedWithNext':
      return joined(spans, (span, previous) => previous.match && !span.match);
  }
}

interface Span {
  readonly text: string;
  readonly match: boolean;
}

function joined(
  spans: readonly Span[],
  joins: (span: Span, previous: Span) => boolean,
): readonly string[] {
  const parts: string[] = [];
  spans.forEach((span, i) => {
    const previous = spans[i - 1];
    const last = parts.at(-1);
    if (previous !== undefined && last !== undefined && joins(span, previous)) {
      parts[parts.length - 1] = last + span.text;
    } else parts.push(span.text);
  });
  return parts;
}
