import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VeerError } from '../contract/errors.ts';
import { type SegmentedText, segmentText } from './segment-text.ts';

fc.configureGlobal({ seed: 1 });

const inputs = (text: string, locale = 'en', maxCharacters = 400) =>
  segmentText(text, locale, { maxCharacters }).sentences.map((sentence) => sentence.input);

const joined = ({ leading, sentences }: SegmentedText) =>
  leading + sentences.map((sentence) => sentence.text + sentence.separator).join('');

/** Text with everything that layout is made of, and letters that are more than one unit long. */
const documents = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          ...['\n', '\r\n', '\r', '\n\n', '\t', '  ', '\u2028', '\u2029', '\u0085', '\f', '\u00a0'],
          ...['- ', '* ', '1. ', '2) ', '# ', '---', '***', '– ', '. ', '? ', '! ', ', ', '…', '“'],
          ...[
            'Mr. ',
            'z. B. ',
            'No. 5',
            'Haus ',
            'the ',
            '你好。',
            '世界',
            '👩‍👩‍👧 ',
            '\ud800',
            '\ufeff',
          ],
        ),
      },
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

describe('any text', () => {
  it('comes back exactly when its sentences and separators are joined', () => {
    fc.assert(
      fc.property(documents, fc.constantFrom('en', 'de', 'zh'), (text, locale) => {
        expect(joined(segmentText(text, locale))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('comes back exactly when sentences are limited to a few characters', () => {
    fc.assert(
      fc.property(documents, fc.integer({ min: 2, max: 30 }), (text, maxCharacters) => {
        const segmented = segmentText(text, 'en', { maxCharacters });
        expect(joined(segmented)).toBe(text);
        for (const { input } of segmented.sentences) {
          expect(input.length).toBeLessThanOrEqual(maxCharacters);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('gives sentences that are not blank and inputs on one line', () => {
    fc.assert(
      fc.property(documents, (text) => {
        for (const sentence of segmentText(text, 'en').sentences) {
          expect(sentence.text).not.toBe('');
          expect(sentence.text).toBe(sentence.text.trim());
          expect(sentence.input).not.toMatch(/[\n\r\t\u2028\u2029]| {2}/u);
          expect(sentence.translatable).toBe(/[\p{L}\p{N}]/u.test(sentence.text));
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('layout', () => {
  it('keeps paragraphs, and joins a sentence that is wrapped over lines', () => {
    const text = '\n  One sentence that\r\nis wrapped. Two.\r\n\r\nNew paragraph\n';
    expect(segmentText(text, 'en')).toEqual({
      leading: '\n  ',
      sentences: [
        {
          index: 0,
          text: 'One sentence that\r\nis wrapped.',
          input: 'One sentence that is wrapped.',
          separator: ' ',
          translatable: true,
        },
        { index: 1, text: 'Two.', input: 'Two.', separator: '\r\n\r\n', translatable: true },
        {
          index: 2,
          text: 'New paragraph',
          input: 'New paragraph',
          separator: '\n',
          translatable: true,
        },
      ],
    });
  });

  it('puts list markers and heading marks into separators', () => {
    const { leading, sentences } = segmentText('# List\n- one\n- two\n\n1. three\n2. four', 'en');
    expect(leading).toBe('# ');
    expect(sentences.map(({ text, separator }) => [text, separator])).toEqual([
      ['List', '\n- '],
      ['one', '\n- '],
      ['two', '\n\n1. '],
      ['three', '\n2. '],
      ['four', ''],
    ]);
  });

  it('does not take a date or a dash inside wrapped text for a list', () => {
    expect(inputs('Es geschah genau am\n3. Mai im Haus.', 'de')).toEqual([
      'Es geschah genau am',
      '3. Mai im Haus.',
    ]);
    const wrapped =
      'Nach langer Fahrt kamen wir endlich am\n3. Mai im Haus an – sehr müde, aber froh\n– und schliefen.';
    expect(inputs(wrapped, 'de')).toHaveLength(1);
  });

  it('joins a wrapped line even before a capital letter when the next word would not have fitted', () => {
    const text = 'In den letzten Jahren wurde das große alte\nHaus verkauft.';
    expect(inputs(text, 'de')).toEqual([
      'In den letzten Jahren wurde das große alte Haus verkauft.',
    ]);
  });

  it('keeps lines apart that were ended on purpose', () => {
    expect(inputs('Hello world\nGood morning\nGood night')).toEqual([
      'Hello world',
      'Good morning',
      'Good night',
    ]);
    const heading = 'Introduction\nThis line is long enough to show how wide the text is.\n';
    expect(inputs(heading)).toHaveLength(2);
  });

  it('leaves no space where wrapped Chinese lines are joined', () => {
    const line = '这是一个非常长的句子它被分成了两行因为它实在太长了';
    expect(inputs(`${line}\n然后结束。`, 'zh')).toEqual([`${line}然后结束。`]);
  });

  it('marks lines without letters and digits to be copied', () => {
    const { sentences } = segmentText('Above\n---\n* * *\n\n❤️ …\n\n42\n', 'en');
    expect(sentences.map(({ text, translatable }) => [text, translatable])).toEqual([
      ['Above', true],
      ['---', false],
      ['* * *', false],
      ['❤️ …', false],
      ['42', true],
    ]);
  });

  it('has no sentences in a blank text', () => {
    expect(segmentText(' \r\n\t\n', 'en')).toEqual({ leading: ' \r\n\t\n', sentences: [] });
    expect(segmentText('', 'en')).toEqual({ leading: '', sentences: [] });
  });
});

describe('sentence ends', () => {
  it.each([
    ['en', ['Mr. Smith met Dr. J. R. R. Tolkien.', 'He ran.']],
    ['en', ['See No. 5 and Fig. 3 of vol. 2.', 'No.', "I won't.", 'Why?']],
    ['en', ['Use tools, e.g. Hammers.', 'The U.S. Army left at 5 p.m. yesterday.']],
    ['en', ['So do I.', 'It costs 3.50 dollars.', '“Really?”', 'Yes!']],
    ['de', ['Es gibt z. B. Äpfel bzw. Birnen.', 'Vgl. Abb. 3 auf S. 12.']],
    ['de', ['Herr Dr. Meier kam am 3. Mai im 19. Jahrhundert.', 'Er ging, d. h. Er lief.']],
    ['fr', ['Bonjour M. Dupont.', 'Ça va ?']],
    ['ja', ['こんにちは。', '元気ですか？']],
  ])('in %s, %j are told apart and not split further', (locale, sentences) => {
    expect(inputs(sentences.join(' '), locale)).toEqual(sentences);
  });

  it('are found for the language codes of NLLB too', () => {
    expect(inputs('Das ist z. B. Gold. Ja.', 'deu_Latn')).toEqual(['Das ist z. B. Gold.', 'Ja.']);
  });

  it('refuse a locale that is no language tag', () => {
    expect(() => segmentText('a', 'not a tag')).toThrow(
      expect.objectContaining({ code: 'LANGUAGE_UNSUPPORTED' }),
    );
  });
});

describe('overlong sentences', () => {
  it('are split at a clause end, else at a space, else between characters', () => {
    expect(inputs('one two, three four five six', 'en', 15)).toEqual([
      'one two,',
      'three four five',
      'six',
    ]);
    expect(inputs('abcdefghij', 'en', 4)).toEqual(['abcd', 'efgh', 'ij']);
  });

  it('are not split inside a character', () => {
    expect(inputs('😀😀😀', 'en', 3)).toEqual(['😀', '😀', '😀']);
    expect(inputs('👩‍👩‍👧a👩‍👩‍👧', 'en', 9)).toEqual(['👩‍👩‍👧a', '👩‍👩‍👧']);
  });

  it('are measured as the model sees them', () => {
    expect(inputs(`a${' '.repeat(50)}b.`, 'en', 4)).toEqual(['a b.']);
  });

  it('need a limit that a character fits into', () => {
    for (const maxCharacters of [1, 0, -5, 2.5, Number.NaN]) {
      expect(() => segmentText('a', 'en', { maxCharacters })).toThrow(VeerError);
    }
  });
});
