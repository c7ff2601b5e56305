import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { searchSchema } from '../contract/search.ts';
import { addSearchOptions, planSearch } from './search-options.ts';

function search(...args: readonly string[]) {
  const command = addSearchOptions(new Command().exitOverride());
  command.parse(args, { from: 'user' });
  const planned = planSearch(command.opts());
  return planned === null ? null : searchSchema.parse(planned);
}

const RULES = {
  repetitionPenalty: null,
  noRepeatNgramSize: null,
  minNewTokens: null,
  maxNewTokens: null,
};

describe('the search that the options ask for', () => {
  it('is left to the engine where there are none', () => {
    expect(search()).toBeNull();
  });

  it('is beam search with beams, by the defaults of Hugging Face', () => {
    expect(search('--beams', '4')).toEqual({
      strategy: 'beam',
      beams: 4,
      lengthPenalty: 1,
      earlyStopping: false,
      returnSequences: 1,
      ...RULES,
    });
    expect(
      search('--beams=2', '--length-penalty', '-0.5', '--early-stopping', 'never'),
    ).toMatchObject({ lengthPenalty: -0.5, earlyStopping: 'never' });
    expect(
      search('--beams', '3', '--early-stopping', 'true', '--return-sequences', '3'),
    ).toMatchObject({ earlyStopping: true, returnSequences: 3 });
  });

  it('is sampling with a temperature', () => {
    expect(search('--temperature', '0.7', '--top-k', '5', '--top-p', '0.9', '--seed', '3')).toEqual(
      { strategy: 'sample', temperature: 0.7, topK: 5, topP: 0.9, seed: 3, ...RULES },
    );
    expect(search('--temperature', '1')).toMatchObject({ topK: null, topP: null, seed: 0 });
  });

  it('is greedy with one beam, or with rules alone', () => {
    expect(search('--beams', '1')).toEqual({ strategy: 'greedy', ...RULES });
    expect(
      search(
        ...['--repetition-penalty', '1.2', '--no-repeat-ngram-size', '3'],
        ...['--min-new-tokens', '2', '--max-new-tokens', '9'],
      ),
    ).toEqual({
      strategy: 'greedy',
      repetitionPenalty: 1.2,
      noRepeatNgramSize: 3,
      minNewTokens: 2,
      maxNewTokens: 9,
    });
  });
});

it.each([
  [['--beams', '0'], '--beams needs a whole number from 1 to 64, not "0"'],
  [['--beams', '65'], '"65"'],
  [['--beams', '2.5'], '"2.5"'],
  [['--beams', ''], '""'],
  [['--length-penalty', '1'], '--beams 4'],
  [['--beams', '2', '--length-penalty', 'long'], '"long"'],
  [['--beams', '2', '--length-penalty', 'Infinity'], '"Infinity"'],
  [['--beams', '2', '--early-stopping', 'maybe'], '"maybe"'],
  [['--early-stopping', 'false'], '--beams 4'],
  [['--beams', '2', '--return-sequences', '3'], '--return-sequences 3 is more than --beams 2'],
  [['--beams', '2', '--temperature', '1'], 'do not go together'],
  [['--temperature', '0'], '"0"'],
  [['--temperature', '-1'], '"-1"'],
  [['--temperature', '1', '--top-k', '0'], '"0"'],
  [['--temperature', '1', '--top-p', '1.1'], 'at most 1, not "1.1"'],
  [['--temperature', '1', '--seed', '-3'], '"-3"'],
  [['--top-k', '5'], '--temperature 1'],
  [['--beams', '2', '--seed', '5'], '--temperature 1'],
  [['--repetition-penalty', '0'], '"0"'],
  [['--no-repeat-ngram-size', 'two'], '"two"'],
  [['--min-new-tokens', '5', '--max-new-tokens', '4'], 'more than --max-new-tokens 4'],
  [['--max-new-tokens', '0'], '"0"'],
])('%j is refused by name', (args, says) => {
  expect(() => search(...args)).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(says) }),
  );
});
