/** Vocabularies of CTranslate2 folders: `vocabulary`, `shared_vocabulary`, `source_vocabulary`, … */

import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { causeCode, VeerError } from '../../../contract/errors.ts';
import { damaged } from '../byte-source.ts';

/** Bytes; NLLB's, one of the largest, has 7 million. */
const LARGEST_FILE = 64 * 1024 * 1024;
const MOST_TOKENS = 2_000_000;

/**
 * The tokens by id: a JSON array of texts (`.json`), or a token a line (`.txt`, CTranslate2 before 3.10). Carriage returns
 * are cut off only where every line ends with one, as CTranslate2 does: some tokens end with one.
 *
 * A token may be there twice; the first id is the one that its text stands for.
 *
 * @throws VeerError MODEL_FILE_MISSING, MODEL_FILE_DAMAGED for anything else than texts, or too many
 */
export async function readCtranslate2Vocabulary(path: string): Promise<readonly string[]> {
  const name = basename(path);
  const bytes = await readBounded(path, name);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw damaged(name, 'it is not UTF-8', cause);
  }
  const tokens = name.endsWith('.json') ? tokensOfJson(text, name) : tokensOfLines(text);
  if (tokens.length === 0) throw damaged(name, 'it has no tokens');
  if (tokens.length > MOST_TOKENS) throw damaged(name, `it has ${tokens.length} tokens`);
  return tokens;
}

async function readBounded(path: string, name: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_FILE) throw damaged(name, `it has ${size} bytes`);
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof VeerError) throw cause;
    const sentence =
      causeCode(cause) === 'ENOENT'
        ? `There is no ${name} where the model lies. Copy the whole folder again.`
        : `${name} cannot be opened. Check its permissions.`;
    throw new VeerError('MODEL_FILE_MISSING', sentence, { cause });
  }
}

function tokensOfJson(text: string, name: string): readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(name, 'it is not valid JSON', cause);
  }
  if (!isTexts(value)) throw damaged(name, 'it is no list of tokens');
  return value;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((token) => typeof token === 'string');
}

/** A line feed at the end of the file begins no line. */
function tokensOfLines(text: string): readonly string[] {
  if (text === '') return [];
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  if (!lines.every((line) => line.endsWith('\r'))) return lines;
  return lines.map((line) => line.slice(0, -1));
}
