import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatResult } from './format-result.ts';
import { breakLines } from './line-breaking.ts';
import { makeResult } from './test-result.ts';

fc.configureGlobal({ seed: 1 });

type ReadCue = { start: number; end: number; text: string };

/** A strict reader: anything that the formats do not allow is an error. */
function readCues(file: string, kind: 'srt' | 'vtt'): ReadCue[] {
  const blocks = file === '' ? [] : file.replace(/\n$/, '').split('\n\n');
  if (kind === 'vtt' && blocks.shift()?.trim() !== 'WEBVTT') throw new Error('no signature');
  const mark = kind === 'srt' ? ',' : '\\.';
  const time = `(\\d{2,}):([0-5]\\d):([0-5]\\d)${mark}(\\d{3})`;
  const times = new RegExp(`^${time} --> ${time}$`);
  return blocks.map((block, i) => {
    const [number, line, ...lines] = block.split('\n');
    if (number !== String(i + 1)) throw new Error(`cue ${i + 1} is numbered ${number}`);
    const match = times.exec(line ?? '');
    if (match === null) throw new Error(`not times: ${line}`);
    if (lines.length === 0 || lines.some((text) => text.trim() === '')) throw new Error('blank');
    const parts = match.slice(1).map(Number);
    const milliseconds = ([h = 0, m = 0, s = 0, ms = 0]: number[]) =>
      ((h * 60 + m) * 60 + s) * 1000 + ms;
    let text = lines.join(' ');
    if (kind === 'vtt') {
      if (/<|>|&(?!amp;|lt;|gt;)/.test(text)) throw new Error(`not escaped: ${text}`);
      text = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    } else if (text.includes('-->')) {
      throw new Error('arrow in text');
    }
    return { start: milliseconds(parts.slice(0, 4)), end: milliseconds(parts.slice(4)), text };
  });
}

const words = fc.oneof(
  fc.constantFrom(
    'a',
    'word',
    'eine längere',
    '&',
    '&amp;',
    '<i>',
    '\n',
    '\r\n\r\n',
    '\u2028',
    '1',
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const text = fc.array(words, { maxLength: 30 }).map((list) => list.join(' '));
const seconds = fc.oneof(
  fc.double({ min: 0, max: 50, noNaN: true }),
  fc.integer({ max: 4e5, min: 0 }),
);
const pieces = fc.array(
  fc.record({ texts: fc.tuple(text, text), times: fc.tuple(seconds, seconds) }),
  { maxLength: 8 },
);
const oneLine = (line: string) =>
  line
    .replace(/[\s\u0085]+/gu, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim();

describe.each(['srt', 'vtt'] as const)('%s', (kind) => {
  it('reads back with the texts it was given, without empty segments', () => {
    fc.assert(
      fc.property(pieces, fc.constantFrom(0, 1), (list, variant) => {
        const expected = list.map(({ texts }) => oneLine(texts[variant] ?? ''));
        const cues = readCues(formatResult(makeResult(list, 9), kind, variant), kind);
        const clean = (line: string) => line.replaceAll('-->', '->').replaceAll(' ', '');
        expect(cues.map((cue) => clean(cue.text))).toEqual(
          expected.filter((line) => line !== '').map(clean),
        );
      }),
    );
  });

  it('has cues that last and never overlap, whatever the times are', () => {
    fc.assert(
      fc.property(pieces, (list) => {
        let previous = 0;
        for (const cue of readCues(formatResult(makeResult(list, 9), kind, 0), kind)) {
          expect(cue.start).toBeGreaterThanOrEqual(previous);
          expect(cue.end).toBeGreaterThan(cue.start);
          previous = cue.end;
        }
      }),
    );
  });

  it('keeps times to the millisecond where segments follow each other', () => {
    const result = makeResult(
      [
        { texts: ['a', ''], times: [0, 1.9996] },
        { texts: ['b', ''], times: [1.9996, 3725.0004] },
        { texts: ['c', ''], times: [360_000, 360_001] },
      ],
      9,
    );
    expect(readCues(formatResult(result, kind, 0), kind)).toEqual([
      { start: 0, end: 2000, text: 'a' },
      { start: 2000, end: 3_725_000, text: 'b' },
      { start: 360_000_000, end: 360_001_000, text: 'c' },
    ]);
  });

  it('has a cue for every phrase where the model timed them', () => {
    const plain = makeResult(
      [
        { texts: ['One. Two.', 'Eins.'], times: [10, 14] },
        { texts: ['Three.', ''], times: [14, 16] },
      ],
      16,
    );
    const [first, second] = plain.segments;
    if (first === undefined || second === undefined) throw new Error('There are two segments.');
    const [one, eins] = first.variants;
    if (one === undefined || eins === undefined) throw new Error('There are two variants.');
    const phrases = [
      { text: ' One.', start: 10.2, end: 11.04 },
      { text: ' ', start: 11.04, end: 12 },
      { text: 'Two.', start: 11.04, end: 13.5 },
    ];
    const result = {
      ...plain,
      segments: [{ ...first, variants: [{ ...one, phrases }, eins] }, second],
    };
    expect(readCues(formatResult(result, kind, 0), kind)).toEqual([
      { start: 10_200, end: 11_040, text: 'One.' },
      { start: 11_040, end: 13_500, text: 'Two.' },
      { start: 14_000, end: 16_000, text: 'Three.' },
    ]);
    // The other variant has no phrases.
    expect(readCues(formatResult(result, kind, 1), kind)).toEqual([
      { start: 10_000, end: 14_000, text: 'Eins.' },
    ]);
  });

  it('refuses a translated text, which has no times', () => {
    for (const list of [[], [{ texts: ['a', 'b'] as const, separator: '' }]]) {
      expect(() => formatResult(makeResult(list, null), kind, 0)).toThrow(
        expect.objectContaining({
          code: 'OPTION_INVALID',
          message: expect.stringContaining('Use the format txt, md or json'),
        }),
      );
    }
  });
});

describe('the files', () => {
  const result = makeResult(
    [
      { texts: ['Tom & Jerry --> <b>', ''], times: [0.5, 2] },
      { texts: ['Ende', ''], times: [2, 3.25] },
    ],
    4,
  );

  it('look as SRT readers expect', () => {
    expect(formatResult(result, 'srt', 0)).toBe(
      '1\n00:00:00,500 --> 00:00:02,000\nTom & Jerry -> <b>\n\n2\n00:00:02,000 --> 00:00:03,250\nEnde\n',
    );
    expect(formatResult(makeResult([], 1), 'srt', 0)).toBe('');
  });

  it('look as WebVTT readers expect', () => {
    expect(formatResult(result, 'vtt', 0)).toBe(
      'WEBVTT\n\n1\n00:00:00.500 --> 00:00:02.000\nTom &amp; Jerry --&gt; &lt;b&gt;\n\n2\n00:00:02.000 --> 00:00:03.250\nEnde\n',
    );
    expect(formatResult(makeResult([], 1), 'vtt', 0)).toBe('WEBVTT\n');
  });
});

describe('line breaking', () => {
  it('leaves a short text on one line and makes two balanced lines of a longer one', () => {
    expect(breakLines('A line of exactly forty-two columns, yes!!')).toHaveLength(1);
    expect(breakLines('The quick brown fox jumps over the lazy dog and runs')).toEqual([
      'The quick brown fox jumps',
      'over the lazy dog and runs',
    ]);
  });

  it('keeps to 42 columns unless one word is wider', () => {
    const texts = fc.array(fc.stringMatching(/^[a-z]{1,42}$/), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(texts, (list) => {
        const lines = breakLines(list.join(' '));
        expect(lines.join(' ')).toBe(list.join(' '));
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(42);
      }),
    );
    expect(breakLines(`a ${'x'.repeat(60)} b`)).toEqual(['a', 'x'.repeat(60), 'b']);
  });

  it('breaks text without spaces between words', () => {
    const text = 'これは長い文章です。とても長いので一行には入りません。だから分けます。';
    const lines = breakLines(text);
    expect(lines.join('')).toBe(text);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).not.toMatch(/^[。、]/u);
  });
});
