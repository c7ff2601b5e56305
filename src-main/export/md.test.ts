import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatResult } from './format-result.ts';
import { makeResult } from './test-result.ts';

fc.configureGlobal({ seed: 1 });

/** Opens a block where a line begins so; anything else at its beginning is text (CommonMark 0.31). */
const OPENS_BLOCK =
  /^(?: {4}|\t|#{1,6}(?:\s|$)|[-+*](?:\s|$)|\d{1,9}[.)](?:\s|$)|=+\s*$|>|([-_*])(?:\s*\1){2,}\s*$|:?-+:?\s*$)/;

/** A strict reader of lines that hold nothing but text: whatever else Markdown reads is an error. */
function readLine(line: string): string {
  if (OPENS_BLOCK.test(line)) throw new Error(`opens a block: ${line}`);
  const bare = line.replace(/\\[!-/:-@[-`{-~]/g, ' ');
  if (/[\\`*_[\]<|~$]|&(?:#\d+|#x[\da-f]+|\w+);/i.test(bare)) throw new Error(`not text: ${line}`);
  return line.replace(/\\([!-/:-@[-`{-~])/g, '$1');
}

function readMarkdown(file: string): { heading: string; paragraphs: string[][] } {
  const [heading = '', ...paragraphs] = file.replace(/\n$/, '').split('\n\n');
  if (!/^# [^\n]*$/.test(heading)) throw new Error(`no heading: ${heading}`);
  return {
    heading: readLine(heading.slice(2)),
    paragraphs: paragraphs.map((paragraph) => {
      const lines = paragraph.split('\n');
      if (lines.some((line) => line.trim() !== line || line === '')) throw new Error('blank');
      // Two lines of a paragraph flow together unless the first one ends with a break.
      return lines.map((line, i) => {
        if (i === lines.length - 1) return readLine(line);
        if (!line.endsWith('\\')) throw new Error(`no break: ${line}`);
        return readLine(line.slice(0, -1));
      });
    }),
  };
}

const words = fc.oneof(
  fc.constantFrom('a', '1.', '23)', '-', '+', '#', '##', '===', '---', ':-:', '|', '> b', '    c'),
  fc.constantFrom('*a*', '_b_', '`c`', '[d](e)', '![f](g)', '<i>', '&amp;', '&#35;', '\\', '~~h~~'),
  fc.constantFrom('\n', '\r\n\r\n', '\n\n\n', '\u2028', '\t'),
  fc.string({ unit: 'grapheme-ascii', maxLength: 8 }),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);
const text = fc
  .array(fc.tuple(words, fc.constantFrom('', ' ')), { maxLength: 30 })
  .map((list) => list.flat().join(''));
const oneLine = (line: string) =>
  line
    .replace(/[\s\u0085]+/gu, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim();

describe('md', () => {
  it('writes a transcript as paragraphs with their times', () => {
    const result = makeResult(
      [
        { texts: ['one\ntwo', ''], times: [0, 6] },
        { texts: [' ', ''], times: [6, 12.9] },
        { texts: ['*three* [x]', ''], times: [12.9, 3723] },
        { texts: ['- four', ''], times: [3723, 3724] },
      ],
      3724,
    );
    expect(formatResult(result, 'md', 0)).toBe(
      '# input\n\n**[0:00]** one two\n\n**[0:12]** \\*three\\* \\[x\\]\n\n**[1:02:03]** \\- four\n',
    );
    expect(formatResult(makeResult([], 1), 'md', 0)).toBe('# input\n');
  });

  it('writes a translation with the paragraphs and lines of its source', () => {
    const result = makeResult(
      [
        { texts: ['Eins.', ''], separator: ' ' },
        { texts: ['Zwei.', ''], separator: '\r\n \r\n\r\n- ' },
        { texts: ['1. Drei', ''], separator: '\n  ' },
        { texts: ['2. Vier', ''], separator: '\n' },
      ],
      null,
      '\n\t',
    );
    expect(formatResult(result, 'md', 0)).toBe(
      '# input\n\nEins. Zwei.\n\n\\- 1. Drei\\\n2\\. Vier\n',
    );
  });

  it('reads back as the texts of a transcript, whatever they hold', () => {
    const pieces = fc.array(fc.tuple(text, fc.integer({ min: 0, max: 4e5 })), { maxLength: 8 });
    fc.assert(
      fc.property(pieces, (list) => {
        const result = makeResult(
          list.map(([words, start]) => ({ texts: [words, ''], times: [start, start + 1] })),
          9,
        );
        const expected = list.map(([words]) => oneLine(words)).filter((line) => line !== '');
        const read = readMarkdown(
          formatResult(result, 'md', 0).replace(/^\*\*\[[\d:]+\]\*\* /gm, ''),
        );
        expect(read.paragraphs).toEqual(expected.map((line) => [line]));
      }),
      { numRuns: 500 },
    );
  });

  it('reads back as the lines of a translation and its name, whatever they hold', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, text), { maxLength: 6 }),
        text,
        text,
        (list, lead, path) => {
          const plain = makeResult(
            list.map(([words, separator]) => ({ texts: [words, ''], separator })),
            null,
            lead,
          );
          const result = { ...plain, source: { ...plain.source, path } };
          const expected = formatResult(result, 'txt', 0)
            .split(/\r\n?|\n/)
            .map(oneLine);
          const read = readMarkdown(formatResult(result, 'md', 0));
          expect(read.heading).toBe(oneLine(path));
          expect(read.paragraphs.flat()).toEqual(expected.filter((line) => line !== ''));
        },
      ),
      { numRuns: 500 },
    );
  });
});
