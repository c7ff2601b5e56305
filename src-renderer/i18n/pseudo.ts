/**
 * A language for tests: English with accents, and longer by two fifths. Whatever is still plain
 * English on a screen was not given to a translator; whatever is cut would be cut in German.
 */

const ACCENTS: Readonly<Record<string, string>> = {
  a: 'á',
  c: 'ç',
  e: 'é',
  i: 'í',
  n: 'ñ',
  o: 'ó',
  s: 'š',
  u: 'ú',
  y: 'ý',
  z: 'ž',
  A: 'Á',
  C: 'Ç',
  E: 'É',
  I: 'Í',
  N: 'Ñ',
  O: 'Ó',
  S: 'Š',
  U: 'Ú',
  Y: 'Ý',
  Z: 'Ž',
};
const LONGER = 0.4;

/** Messages of the same shape, with every text and the text of every function lengthened. */
export function pseudo<T>(messages: T): T {
  if (typeof messages === 'string') return lengthened(messages) as T;
  if (typeof messages === 'function') {
    return ((...values: unknown[]) => pseudo(messages(...values))) as T;
  }
  if (Array.isArray(messages)) return messages.map(pseudo<unknown>) as T;
  if (typeof messages !== 'object' || messages === null) return messages;
  return Object.fromEntries(
    Object.entries(messages).map(([name, value]) => [name, pseudo<unknown>(value)]),
  ) as T;
}

function lengthened(text: string): string {
  const accented = text.replace(/[a-zA-Z]/g, (letter) => ACCENTS[letter] ?? letter);
  const more = Math.ceil(text.length * LONGER);
  // Words of eight letters, so that lines break as they do in real text.
  const filler = 'extensio '
    .repeat(Math.ceil(more / 9))
    .slice(0, more)
    .trimEnd();
  return filler === '' ? accented : `${accented} ${filler}`;
}
