import { describe, expect, test } from 'vitest';
import { contextLength, decoderPrompt, spokenLanguage } from './prompt.ts';
import type { WhisperTokens } from './tokens.ts';

const MULTILINGUAL: WhisperTokens = {
  start: 10,
  endOfText: 9,
  multilingual: true,
  languages: new Map([
    ['en', 11],
    ['yue', 12],
  ]),
  transcribe: 14,
  translate: 13,
  noTimestamps: 17,
  firstTimestamp: 18,
  maxInitialTimestamp: 50,
  startOfPrevious: 15,
  noSpeech: 16,
  alignmentHeads: [],
};
const ENGLISH: WhisperTokens = { ...MULTILINGUAL, multilingual: false, languages: new Map() };
const REQUEST = { language: 'yue', toEnglish: false, timestamps: false, context: [] };

describe('the prompt', () => {
  test.each([
    ['language, task and "no timestamps"', MULTILINGUAL, {}, [10, 12, 14, 17]],
    ['the other task', MULTILINGUAL, { toEnglish: true }, [10, 12, 13, 17]],
    ['nothing after the task, for timestamps', MULTILINGUAL, { timestamps: true }, [10, 12, 14]],
    ['what went before', MULTILINGUAL, { context: [1, 2] }, [15, 1, 2, 10, 12, 14, 17]],
    ['neither language nor task in an English-only model', ENGLISH, {}, [10, 17]],
    ['the start alone, for its timestamps', ENGLISH, { timestamps: true }, [10]],
    ['no task where the files name none', { ...MULTILINGUAL, transcribe: null }, {}, [10, 12, 17]],
    ['no end where the files name none', { ...ENGLISH, noTimestamps: null }, {}, [10]],
  ])('has %s', (_, tokens, more, prompt) => {
    expect(decoderPrompt('tiny', tokens, { ...REQUEST, ...more })).toEqual(prompt);
  });

  test.each([
    ['English from an English-only model', ENGLISH, { toEnglish: true }],
    ['English without the task', { ...MULTILINGUAL, translate: null }, { toEnglish: true }],
    ['timestamps without their tokens', { ...ENGLISH, noTimestamps: null }, { timestamps: true }],
    ['text before without its token', { ...ENGLISH, startOfPrevious: null }, { context: [1] }],
  ])('cannot ask for %s', (_, tokens, more) => {
    expect(() => decoderPrompt('tiny', tokens, { ...REQUEST, ...more })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });

  test('leaves half of the decoder to what is to be written', () => {
    expect(contextLength(448)).toBe(223);
    expect(contextLength(97)).toBe(47);
  });
});

describe('the language spoken', () => {
  test.each([
    [ENGLISH, null, 'en'],
    [ENGLISH, 'en-GB', 'en'],
    [MULTILINGUAL, null, null],
    [MULTILINGUAL, 'EN-us', 'en'],
    [MULTILINGUAL, 'yue', 'yue'],
  ])('%#: is the one asked for, the only one, or detected', (tokens, asked, language) => {
    expect(spokenLanguage('tiny', tokens, asked)).toBe(language);
  });

  test.each([
    [ENGLISH, 'de'],
    [MULTILINGUAL, 'de'],
    // Nothing to detect either.
    [{ ...MULTILINGUAL, languages: new Map() }, null],
  ])('%#: is refused where the model does not know it', (tokens, asked) => {
    expect(() => spokenLanguage('tiny', tokens, asked)).toThrow(
      expect.objectContaining({ code: 'LANGUAGE_UNSUPPORTED' }),
    );
  });
});
