import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VeerError } from '../../contract/errors.ts';
import { parseVocabularyYml } from './vocabulary-yml.ts';

test('tokens of signs, of words that YAML knows, quoted and long ones keep their ids', () => {
  const text = [
    '</s>: 0',
    '"<unk>": 1',
    '"\\"": 2',
    "'''': 3",
    'on: 4',
    '":": 5',
    '"\\\\": 6',
    '"\\u2581das": 7',
    '▁die: 8',
    '? "a long one"',
    ': 9',
    '"\\x85": 10',
    '',
  ].join('\n');
  expect([...parseVocabularyYml(text)]).toEqual([
    ['</s>', 0],
    ['<unk>', 1],
    ['"', 2],
    ["'", 3],
    ['on', 4],
    [':', 5],
    ['\\', 6],
    ['▁das', 7],
    ['▁die', 8],
    ['a long one', 9],
    ['\u0085', 10],
  ]);
});

test.each(['</s>', 'a: b', 'a: 1\nb: 1', 'a: -1'])('%j is damaged', (text) => {
  expect(() => parseVocabularyYml(text)).toThrow(VeerError);
});

test('whatever stands in the file, it is read or refused by name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      try {
        parseVocabularyYml(text);
      } catch (error) {
        expect(error).toBeInstanceOf(VeerError);
      }
    }),
  );
});
