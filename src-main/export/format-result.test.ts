import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPORT_FORMATS } from '../contract/export-formats.ts';
import { resultSchema } from '../contract/result.ts';
import { formatResult } from './format-result.ts';
import { makeResult } from './test-result.ts';

fc.configureGlobal({ seed: 1 });

const transcript = makeResult(
  [
    { texts: ['one\ntwo', 'ONE'], times: [0, 1] },
    { texts: [' ', 'TWO '], times: [1, 2] },
    { texts: ['three', ''], times: [2, 3] },
  ],
  3,
);
const translation = makeResult(
  [
    { texts: ['Eins.', 'EINS.'], separator: ' ' },
    { texts: ['Zwei.', 'ZWEI.'], separator: '\r\n\r\n- ' },
    { texts: ['Drei', 'DREI'], separator: '\n' },
  ],
  null,
  '\n\t',
);

describe('txt', () => {
  it('writes a transcript with one line per segment that has text', () => {
    expect(formatResult(transcript, 'txt', 0)).toBe('one two\nthree\n');
    expect(formatResult(transcript, 'txt', 1)).toBe('ONE\nTWO\n');
  });

  it('writes a translation in the layout of its source', () => {
    expect(formatResult(translation, 'txt', 0)).toBe('\n\tEins. Zwei.\r\n\r\n- Drei\n');
    expect(formatResult(translation, 'txt', 1)).toBe('\n\tEINS. ZWEI.\r\n\r\n- DREI\n');
  });

  it('writes nothing for a result without segments', () => {
    expect(formatResult(makeResult([], 1), 'txt', 0)).toBe('');
  });
});

describe('json', () => {
  const texts = fc.string({ unit: 'binary', maxLength: 20 });
  const pieces = fc.array(fc.record({ texts: fc.tuple(texts, texts), separator: texts }));

  it('reads back as the same result, whatever the texts hold', () => {
    fc.assert(
      fc.property(pieces, (list) => {
        const result = makeResult(list, null);
        const json = formatResult(result, 'json', 0);
        expect(resultSchema.parse(JSON.parse(json))).toEqual(result);
      }),
    );
  });

  it('has the keys in the order of the contract and ends with one line feed', () => {
    const json = formatResult(translation, 'json', 0);
    const optional = ['languageProbability', 'speech'];
    expect(Object.keys(JSON.parse(json))).toEqual(
      Object.keys(resultSchema.shape).filter((key) => !optional.includes(key)),
    );
    expect(json).toMatch(/[^\n]\n$/u);
    expect(formatResult(resultSchema.parse(JSON.parse(json)), 'json', 1)).toBe(json);
  });

  it('keeps a list of numbers on one line', () => {
    expect(formatResult(translation, 'json', 0)).toContain('"tokenIds": [1, 2, 3],\n');
  });

  it('leaves text alone that looks like a list', () => {
    const json = formatResult(
      makeResult([{ texts: ['[\n 1,\n 2\n]', '[1,  2]'], separator: '' }], null),
      'json',
      0,
    );
    expect(JSON.parse(json).segments[0].variants[0].text).toBe('[\n 1,\n 2\n]');
    expect(JSON.parse(json).segments[0].variants[1].text).toBe('[1,  2]');
  });
});

describe('every format', () => {
  it('refuses a variant that is not there', () => {
    for (const format of EXPORT_FORMATS) {
      for (const index of [2, -1, 0.5, Number.NaN]) {
        expect(() => formatResult(transcript, format, index)).toThrow(
          expect.objectContaining({
            code: 'OPTION_INVALID',
            message: expect.stringContaining(String(index)),
          }),
        );
      }
    }
  });
});

describe('the example in docs/result-format.md', () => {
  it('is a valid result, written as the product writes it', () => {
    const page = readFileSync(new URL('../../docs/result-format.md', import.meta.url), 'utf8');
    const example = /```json\n([\s\S]*?)```/u.exec(page)?.[1] ?? '';
    const result = resultSchema.parse(JSON.parse(example));
    expect(formatResult(result, 'json', 0)).toBe(example);
  });
});
