/**
 * The byte level of GPT-2 (Radford et al. 2019): every byte has a character that can be seen, so that
 * any text is one of known characters. Printable characters of Latin-1 stand for themselves, the others
 * for those from U+0100 on.
 */

const CHARS: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  isPrintable(byte) ? String.fromCharCode(byte) : '',
);
const UNSEEN = CHARS.flatMap((char, byte) => (char === '' ? [byte] : []));
const CHAR_OF = CHARS.map((char, byte) => char || String.fromCharCode(256 + UNSEEN.indexOf(byte)));
const BYTE_OF: ReadonlyMap<string, number> = new Map(CHAR_OF.map((char, byte) => [char, byte]));

function isPrintable(byte: number): boolean {
  return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
}

/** A character for each byte. */
export function bytesToChars(bytes: Uint8Array): string {
  let result = '';
  for (const byte of bytes) result += CHAR_OF[byte] ?? '';
  return result;
}

/** The bytes that the characters stand for; null where one of them stands for none. */
export function charsToBytes(chars: string): Uint8Array | null {
  const bytes = new Uint8Array(chars.length);
  for (let i = 0; i < chars.length; i++) {
    const byte = BYTE_OF.get(chars.charAt(i));
    if (byte === undefined) return null;
    bytes[i] = byte;
  }
  return bytes;
}
