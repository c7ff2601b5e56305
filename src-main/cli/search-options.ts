/** The options that say how the decoder looks for its output (docs/decoding.md). */

import { type Command, Option } from 'commander';
import { VeerError } from '../contract/errors.ts';
import { MOST_BEAMS, type Search } from '../contract/search.ts';

export interface SearchFlags {
  readonly beams?: number;
  readonly lengthPenalty?: number;
  readonly earlyStopping?: boolean | 'never';
  readonly returnSequences?: number;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly seed?: number;
  readonly repetitionPenalty?: number;
  readonly noRepeatNgramSize?: number;
  readonly minNewTokens?: number;
  readonly maxNewTokens?: number;
}

const BEAM_FLAGS = {
  '--length-penalty': 'lengthPenalty',
  '--early-stopping': 'earlyStopping',
  '--return-sequences': 'returnSequences',
} as const;
const SAMPLE_FLAGS = { '--top-k': 'topK', '--top-p': 'topP', '--seed': 'seed' } as const;

export function addSearchOptions(command: Command): Command {
  const whole = (flag: string, least: number, most = Number.MAX_SAFE_INTEGER) =>
    numberParser(flag, (value) => Number.isInteger(value) && value >= least && value <= most, {
      needs:
        most === Number.MAX_SAFE_INTEGER
          ? `a whole number, ${least} or more`
          : `a whole number from ${least} to ${most}`,
    });
  const above0 = (flag: string, most = Number.MAX_VALUE) =>
    numberParser(flag, (value) => value > 0 && value <= most, {
      needs: most === 1 ? 'a number above 0, at most 1' : 'a number above 0',
    });
  const noRepeatNgramSize = new Option(
    '--no-repeat-ngram-size <n>',
    'never write n tokens in a row twice; 0 is off',
  );
  // It takes a number: it does not switch off something called "repeat".
  noRepeatNgramSize.negate = false;
  return command
    .option('--beams <n>', 'beam search with n beams; 1 is greedy', whole('--beams', 1, MOST_BEAMS))
    .option(
      '--length-penalty <p>',
      'beams: above 0 favours long outputs, below 0 short ones; default 1',
      numberParser('--length-penalty', (value) => Math.abs(value) <= 100, {
        needs: 'a number from -100 to 100',
      }),
    )
    .option('--early-stopping <when>', 'beams: false, true or never; default false', parseStopping)
    .option(
      '--return-sequences <n>',
      'beams: outputs per input in the JSON; default 1',
      whole('--return-sequences', 1, MOST_BEAMS),
    )
    .option(
      '--temperature <t>',
      'draw the tokens at random; 1 is as the model says, less is surer',
      above0('--temperature'),
    )
    .option('--top-k <k>', 'sampling: from the k most probable tokens', whole('--top-k', 1))
    .option('--top-p <p>', 'sampling: from the most probable p of all', above0('--top-p', 1))
    .option(
      '--seed <n>',
      'random draws: the same seed, the same output; default 0',
      whole('--seed', 0),
    )
    .option(
      '--repetition-penalty <x>',
      'above 1 makes repeated tokens less probable',
      above0('--repetition-penalty'),
    )
    .addOption(noRepeatNgramSize.argParser(whole('--no-repeat-ngram-size', 0)))
    .option('--min-new-tokens <n>', 'no end before n tokens', whole('--min-new-tokens', 0))
    .option('--max-new-tokens <n>', 'at most n tokens', whole('--max-new-tokens', 1));
}

/**
 * @returns null where nothing is asked for
 * @throws VeerError OPTION_INVALID for options that do not go together
 */
export function planSearch(flags: SearchFlags): Search | null {
  const { beams = 1, temperature } = flags;
  const rules = {
    repetitionPenalty: flags.repetitionPenalty ?? null,
    noRepeatNgramSize: flags.noRepeatNgramSize ?? null,
    minNewTokens: flags.minNewTokens ?? null,
    maxNewTokens: flags.maxNewTokens ?? null,
  };
  if (beams > 1 && temperature !== undefined) {
    throw invalid('--beams and --temperature do not go together. Leave one of them out.');
  }
  if (beams === 1) refuse(flags, BEAM_FLAGS, 'beam search. Add for example --beams 4');
  if (temperature === undefined) refuse(flags, SAMPLE_FLAGS, 'sampling. Add --temperature 1');
  if (rules.minNewTokens !== null && rules.minNewTokens > (rules.maxNewTokens ?? Infinity)) {
    throw invalid(
      `--min-new-tokens ${rules.minNewTokens} is more than --max-new-tokens ${rules.maxNewTokens}.`,
    );
  }
  if (temperature !== undefined) {
    const { topK = null, topP = null, seed = 0 } = flags;
    return { strategy: 'sample', temperature, topK, topP, seed, ...rules };
  }
  if (beams === 1) {
    const asked = Object.values(rules).some((rule) => rule !== null);
    return asked || flags.beams === 1 ? { strategy: 'greedy', ...rules } : null;
  }
  const { lengthPenalty = 1, earlyStopping = false, returnSequences = 1 } = flags;
  if (returnSequences > beams) {
    throw invalid(`--return-sequences ${returnSequences} is more than --beams ${beams}.`);
  }
  return { strategy: 'beam', beams, lengthPenalty, earlyStopping, returnSequences, ...rules };
}

function refuse(
  flags: SearchFlags,
  names: Readonly<Record<string, keyof SearchFlags>>,
  what: string,
): void {
  const given = Object.entries(names).find(([, key]) => flags[key] !== undefined);
  if (given !== undefined) throw invalid(`${given[0]} is for ${what}, or leave it out.`);
}

function numberParser(
  flag: string,
  isValid: (value: number) => boolean,
  { needs }: { readonly needs: string },
): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (isValid(value)) return value;
    throw invalid(`${flag} needs ${needs}, not "${text}".`);
  };
}

function parseStopping(text: string): boolean | 'never' {
  if (text === 'never') return text;
  if (text === 'true' || text === 'false') return text === 'true';
  throw invalid(`--early-stopping is false, true or never, not "${text}".`);
}

function invalid(sentence: string): VeerError {
  return new VeerError('OPTION_INVALID', sentence);
}
