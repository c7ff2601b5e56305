/**
 * Reads plain text for translation. UTF-8 is the format; UTF-16 is read only where a byte order
 * mark says so, because guessing an encoding puts wrong letters into a translation silently.
 * Line ends stay as they are: they are part of the layout that segment-text.ts keeps.
 */

import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { causeCode, causeMessage, VeerError } from '../contract/errors.ts';

type TextEncodingName = 'utf-8' | 'utf-16le' | 'utf-16be';

export type TextDocument = {
  /** Without the byte order mark. Holds at least one character that is not white space. */
  readonly text: string;
  readonly encoding: TextEncodingName;
  /** The file began with a byte order mark, so a writer can put it back. */
  readonly byteOrderMark: boolean;
};

/**
 * Reads a text file.
 *
 * @throws VeerError FILE_NOT_FOUND, FILE_IS_DIRECTORY, FILE_UNREADABLE, and those of decodeText.
 */
export async function readTextFile(path: string): Promise<TextDocument> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw readError(path, cause);
  }
  return decodeText(bytes, path);
}

/**
 * Reads a stream of bytes, such as standard input, to its end.
 *
 * @param name what to call the stream in messages
 * @throws VeerError FILE_UNREADABLE when the stream fails, and those of decodeText.
 */
export async function readTextStream(
  stream: AsyncIterable<Uint8Array | string>,
  name: string,
): Promise<TextDocument> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of stream) {
      chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk);
    }
  } catch (cause) {
    throw readError(name, cause);
  }
  return decodeText(Buffer.concat(chunks), name);
}

/**
 * Turns the bytes of a text file into a string.
 *
 * @param name what to call the file in messages
 * @throws VeerError FILE_EMPTY when nothing but white space is left; TEXT_NOT_UTF8 when the bytes
 *   are not UTF-8 (or not the UTF-16 that the byte order mark promises) or hold NUL characters.
 */
export function decodeText(bytes: Uint8Array, name: string): TextDocument {
  const { encoding, length } = byteOrderMarkOf(bytes);
  const text = decode(bytes.subarray(length), encoding, name);
  if (text.includes('\0')) {
    throw new VeerError(
      'TEXT_NOT_UTF8',
      `${name} holds NUL characters, so it is not UTF-8 text. If it is a text file, save it as UTF-8 and try again.`,
    );
  }
  if (text.trim() === '') {
    throw new VeerError('FILE_EMPTY', `${name} holds no text. Choose a file that has some.`);
  }
  return { text, encoding, byteOrderMark: length > 0 };
}

function byteOrderMarkOf(bytes: Uint8Array): { encoding: TextEncodingName; length: number } {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return { encoding: 'utf-8', length: 3 };
  if (first === 0xff && second === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (first === 0xfe && second === 0xff) return { encoding: 'utf-16be', length: 2 };
  return { encoding: 'utf-8', length: 0 };
}

function decode(bytes: Uint8Array, encoding: TextEncodingName, name: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const where = encoding === 'utf-8' ? ` (first wrong byte in line ${firstBadLine(bytes)})` : '';
    throw new VeerError(
      'TEXT_NOT_UTF8',
      `${name} is not valid ${encoding.toUpperCase()} text${where}. Save it as UTF-8 in a text editor and try again.`,
      { cause },
    );
  }
}

/** Line number, from 1. A line feed is never part of a longer UTF-8 sequence, so lines can be tested alone. */
function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  let start = 0;
  for (;;) {
    const feed = bytes.indexOf(0x0a, start);
    if (feed < 0 || !isUtf8(bytes.subarray(start, feed))) return line;
    start = feed + 1;
    line += 1;
  }
}

function readError(name: string, cause: unknown): VeerError {
  const code = causeCode(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new VeerError('FILE_NOT_FOUND', `${name} does not exist. Check the name and the path.`, {
      cause,
    });
  }
  if (code === 'EISDIR') {
    return new VeerError('FILE_IS_DIRECTORY', `${name} is a folder. Choose a text file in it.`, {
      cause,
    });
  }
  const permission = code === 'EACCES' || code === 'EPERM';
  const why = permission ? 'you have no permission to read it' : causeMessage(cause);
  return new VeerError('FILE_UNREADABLE', `${name} cannot be read: ${why}.`, { cause });
}
