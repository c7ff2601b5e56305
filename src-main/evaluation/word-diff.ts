/**
 * Word-level difference of two texts, for showing a plain output beside a perturbed one. Words are
 * compared without the white space around them, so a changed word does not drag its spaces along.
 */

import { diffArrays } from 'diff';

export type WordDiffPart = {
  readonly kind: 'equal' | 'removed' | 'added';
  readonly text: string;
};

/** A word or a mark, with the white space before it. */
type Token = { readonly gap: string; readonly word: string };

/**
 * Parts in reading order, none of them empty and no two neighbours of one kind. The texts of
 * `equal` and `removed` parts joined are `before`; those of `equal` and `added` parts are `after`.
 *
 * @param locale BCP 47 tag, for finding words in scripts without spaces; one that is no language
 *   tag is ignored, since a model may name its languages in its own way
 */
export function wordDiff(before: string, after: string, locale = 'und'): WordDiffPart[] {
  const segmenter = wordSegmenter(locale);
  const [old, oldTail] = tokenise(before, segmenter);
  const [now, nowTail] = tokenise(after, segmenter);
  const parts = new Parts();
  let i = 0;
  let j = 0;
  const changes = diffArrays(
    old.map((token) => token.word),
    now.map((token) => token.word),
  );
  for (const { count, added, removed } of changes) {
    if (added) {
      for (const { gap, word } of now.slice(j, j + count)) parts.change('', gap + word);
      j += count;
    } else if (removed) {
      for (const { gap, word } of old.slice(i, i + count)) parts.change(gap + word, '');
      i += count;
    } else {
      for (let k = 0; k < count; k += 1) {
        parts.gap(old[i + k]?.gap ?? '', now[j + k]?.gap ?? '');
        parts.equal(old[i + k]?.word ?? '');
      }
      i += count;
      j += count;
    }
  }
  parts.gap(oldTail, nowTail);
  return parts.finish();
}

function wordSegmenter(locale: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(locale, { granularity: 'word' });
  } catch {
    return new Intl.Segmenter('und', { granularity: 'word' });
  }
}

function tokenise(text: string, segmenter: Intl.Segmenter): readonly [Token[], string] {
  const tokens: Token[] = [];
  let gap = '';
  for (const { segment } of segmenter.segment(text)) {
    if (segment.trim() === '') {
      gap += segment;
    } else {
      tokens.push({ gap, word: segment });
      gap = '';
    }
  }
  return [tokens, gap];
}

/** Collects parts; changes between two equal stretches are shown as one removal and one addition. */
class Parts {
  readonly #parts: WordDiffPart[] = [];
  #removed = '';
  #added = '';

  change(removed: string, added: string): void {
    this.#removed += removed;
    this.#added += added;
  }

  gap(before: string, after: string): void {
    if (before === after) this.equal(before);
    else this.change(before, after);
  }

  equal(text: string): void {
    if (text === '') return;
    this.#flush();
    this.#push('equal', text);
  }

  finish(): WordDiffPart[] {
    this.#flush();
    return this.#parts;
  }

  /** White space that both sides begin or end with is no part of the change. */
  #flush(): void {
    const lead = sharedEnd(/^\s*/u, this.#removed, this.#added);
    const removed = this.#removed.slice(lead.length);
    const added = this.#added.slice(lead.length);
    const tail = sharedEnd(/\s*$/u, removed, added);
    this.#push('equal', lead);
    this.#push('removed', removed.slice(0, removed.length - tail.length));
    this.#push('added', added.slice(0, added.length - tail.length));
    this.#push('equal', tail);
    this.#removed = '';
    this.#added = '';
  }

  #push(kind: WordDiffPart['kind'], text: string): void {
    if (text === '') return;
    const last = this.#parts.at(-1);
    if (last?.kind === kind) {
      this.#parts[this.#parts.length - 1] = { kind, text: last.text + text };
    } else {
      this.#parts.push({ kind, text });
    }
  }
}

/** The white space at one end where it is the same in both texts, else nothing. */
function sharedEnd(pattern: RegExp, a: string, b: string): string {
  const space = pattern.exec(a)?.[0] ?? '';
  return space === pattern.exec(b)?.[0] ? space : '';
}
