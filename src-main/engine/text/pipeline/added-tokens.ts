/** Tokens beside the vocabulary that are found in a text before anything else is done with it. */

import { asId, asPart, flagField, textField } from './fields.ts';
import { SPACE, WORD } from './patterns.ts';

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Only where no letter stands before or after it. */
  readonly singleWord: boolean;
  /** Takes the whitespace before it along. */
  readonly takesLeft: boolean;
  readonly takesRight: boolean;
  /** Looked for after the normaliser. */
  readonly normalized: boolean;
  /** Left out of decoded text. */
  readonly special: boolean;
}

/** @throws UnsupportedPart */
export function readAddedToken(value: unknown): AddedToken {
  const part = asPart(value, 'added token');
  const special = flagField(part, 'special', false);
  return {
    id: asId(part['id'], 'added token'),
    content: textField(part, 'content'),
    singleWord: flagField(part, 'single_word', false),
    takesLeft: flagField(part, 'lstrip', false),
    takesRight: flagField(part, 'rstrip', false),
    normalized: flagField(part, 'normalized', !special),
    special,
  };
}

export interface Section {
  readonly text: string;
  /** Of the added token that the section is; null for a text between them. */
  readonly id: number | null;
  readonly start: number;
}

const SPACE_BEFORE = new RegExp(`[${SPACE}]+$`, 'u');
const SPACE_AFTER = new RegExp(`^[${SPACE}]+`, 'u');
const WORD_BEFORE = new RegExp(`[${WORD}]$`, 'u');
const WORD_AFTER = new RegExp(`^[${WORD}]`, 'u');

export class AddedTokens {
  /** By first character, the longest first. */
  readonly #tokens = new Map<string, AddedToken[]>();

  /** @param spelling as the text to be cut spells the token; an empty one is never found */
  constructor(tokens: readonly AddedToken[], spelling: (content: string) => string) {
    for (const token of tokens) {
      const content = spelling(token.content);
      if (content === '') continue;
      const first = content.charAt(0);
      this.#tokens.set(first, [...(this.#tokens.get(first) ?? []), { ...token, content }]);
    }
    for (const list of this.#tokens.values()) {
      list.sort((a, b) => b.content.length - a.content.length);
    }
  }

  /** The leftmost and of those the longest tokens, and what lies between them; no section is empty. */
  split(text: string): readonly Section[] {
    if (this.#tokens.size === 0) return text === '' ? [] : [{ text, id: null, start: 0 }];
    const sections: Section[] = [];
    let end = 0;
    const push = (from: number, to: number, id: number | null) => {
      if (to > from) sections.push({ text: text.slice(from, to), id, start: from });
    };
    for (let i = 0; i < text.length; ) {
      const token = this.#at(text, i);
      if (token === undefined) {
        i++;
        continue;
      }
      const [before, after] = [text.slice(end, i), text.slice(i + token.content.length)];
      i += token.content.length;
      if (token.singleWord && touches(text.slice(0, i - token.content.length), after)) continue;
      const left = token.takesLeft ? (SPACE_BEFORE.exec(before)?.[0].length ?? 0) : 0;
      const right = token.takesRight ? (SPACE_AFTER.exec(after)?.[0].length ?? 0) : 0;
      push(end, i - token.content.length - left, null);
      push(i - token.content.length - left, i + right, token.id);
      i += right;
      end = i;
    }
    push(end, text.length, null);
    return sections;
  }

  #at(text: string, i: number): AddedToken | undefined {
    return this.#tokens.get(text.charAt(i))?.find(({ content }) => text.startsWith(content, i));
  }
}

function touches(before: string, after: string): boolean {
  return WORD_BEFORE.test(before) || WORD_AFTER.test(after);
}
