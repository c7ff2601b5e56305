/**
 * Marian's vocab.yml: a line for each token, `"token": id`. YAML readers lose entries of it (`on`, `null`, and
 * tokens of signs), so lines are read as Marian writes them: the last colon parts token and id; long tokens stand
 * on a line of their own after `? `, their ids on the next after `: `.
 */

import { VeerError } from '../../contract/errors.ts';

/**
 * Ids by token.
 *
 * @throws VeerError MODEL_FILE_DAMAGED for a line that is none of these, and for an id that is there twice
 */
export function parseVocabularyYml(text: string): ReadonlyMap<string, number> {
  const ids = new Map<string, number>();
  const taken = new Set<number>();
  let long: string | null = null;
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line === '' || line === '---') continue;
    if (line.startsWith('? ')) {
      long = line.slice(2);
      continue;
    }
    const colon = line.lastIndexOf(':');
    const token: string = long ?? line.slice(0, colon);
    const number = line.slice(colon + 1).trim();
    const id = Number(number);
    if (colon === -1 || !/^\d{1,9}$/.test(number) || taken.has(id)) {
      throw new VeerError(
        'MODEL_FILE_DAMAGED',
        `Line ${at + 1} of the vocabulary names no id of its own. Copy the file again from where it came from.`,
      );
    }
    ids.set(unquoted(token.trim()), id);
    taken.add(id);
    long = null;
  }
  return ids;
}

function unquoted(token: string): string {
  const inner = token.slice(1, -1);
  if (token.length < 2) return token;
  if (token.startsWith("'") && token.endsWith("'")) return inner.replaceAll("''", "'");
  if (!token.startsWith('"') || !token.endsWith('"')) return token;
  return inner.replaceAll(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/g,
    (_, x?: string, u?: string, long?: string, sign?: string) => {
      const code = x ?? u ?? long;
      if (code === undefined) return ESCAPES.get(sign ?? '') ?? sign ?? '';
      const point = Number.parseInt(code, 16);
      return point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point);
    },
  );
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
]);
