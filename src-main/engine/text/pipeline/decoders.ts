/** Decoders of tokenizer.json, as the Python package `tokenizers` carries them out. */

import { wordPieceDecoder } from './bert.ts';
import { charsToBytes } from './byte-level.ts';
import { asList, asPart, refusePart, textField, typeOf } from './fields.ts';
import { makePattern } from './patterns.ts';
import { schemeOf } from './pre-tokenizers.ts';

type Decode = (tokens: readonly string[]) => readonly string[];

/** @returns the text of tokens. @throws UnsupportedPart */
export function makeDecoder(value: unknown): (tokens: readonly string[]) => string {
  if (value === null || value === undefined) return (tokens) => tokens.join(' ');
  const decode = makeStep(value);
  return (tokens) => decode(tokens).join('');
}

function makeStep(value: unknown): Decode {
  const part = asPart(value, 'decoder');
  const type = typeOf(part, 'decoder');
  switch (type) {
    case 'Sequence': {
      const steps = asList(part['decoders'], 'decoders').map(makeStep);
      return (tokens) => steps.reduce((result, step) => step(result), tokens);
    }
    case 'Metaspace': {
      const mark = textField(part, 'replacement', '▁');
      const first = schemeOf(part) === 'never' ? ' ' : '';
      return (tokens) => tokens.map((token, i) => token.replaceAll(mark, i === 0 ? first : ' '));
    }
    case 'ByteLevel':
      return (tokens) => [
        utf8(Buffer.concat(tokens.map((token) => charsToBytes(token) ?? Buffer.from(token)))),
      ];
    case 'Replace': {
      const pattern = makePattern(part['pattern']);
      const content = textField(part, 'content', '');
      return (tokens) => tokens.map((token) => token.replace(pattern, () => content));
    }
    case 'WordPiece':
      return wordPieceDecoder(part);
    case 'ByteFallback':
      return joinBytes;
    case 'Fuse':
      return (tokens) => [tokens.join('')];
    case 'Strip': {
      const content = textField(part, 'content', ' ');
      const [start, stop] = [countOf(part['start']), countOf(part['stop'])];
      return (tokens) => tokens.map((token) => strip(token, content, start, stop));
    }
    default:
      return refusePart('decoder', type);
  }
}

function utf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function countOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** Runs of `<0xNN>` become the characters that they spell; a run that spells none, a mark for each byte. */
function joinBytes(tokens: readonly string[]): readonly string[] {
  const result: string[] = [];
  let run: number[] = [];
  const end = () => {
    if (run.length === 0) return;
    try {
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
      result.push(decoder.decode(Uint8Array.from(run)));
    } catch {
      result.push('\ufffd'.repeat(run.length));
    }
    run = [];
  };
  for (const token of tokens) {
    const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(token)?.[1];
    if (byte !== undefined) {
      run.push(Number.parseInt(byte, 16));
      continue;
    }
    end();
    result.push(token);
  }
  end();
  return result;
}

function strip(token: string, content: string, start: number, stop: number): string {
  let [from, to] = [0, token.length];
  for (let i = 0; i < start && from < to && token[from] === content; i++) from++;
  for (let i = 0; i < stop && to > from && token[to - 1] === content; i++) to--;
  return token.slice(from, to);
}
