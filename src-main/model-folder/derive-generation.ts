/**
 * What generation_config.json would say, where a folder has none: from config.json, in which older
 * versions of the Python library kept it, and for Whisper from the spelling of its tokens.
 */

import { nonSpeechTokens } from './non-speech-tokens.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Fields of generation that a config.json may have. */
const KEPT = [
  'decoder_start_token_id',
  'bos_token_id',
  'eos_token_id',
  'pad_token_id',
  'forced_bos_token_id',
  'forced_eos_token_id',
  'max_length',
  'min_length',
  'repetition_penalty',
  'no_repeat_ngram_size',
  'bad_words_ids',
  'suppress_tokens',
  'begin_suppress_tokens',
] as const;

/** Those of `KEPT` that config.json states; the decoder's own where it is nested. */
export function generationOfConfig(config: Fields): Fields {
  const { decoder } = config;
  const nested: Fields = typeof decoder === 'object' && decoder !== null ? { ...decoder } : {};
  return Object.fromEntries(
    KEPT.flatMap((name) => {
      const value = config[name] ?? nested[name] ?? null;
      return value === null ? [] : [[name, value]];
    }),
  );
}

/** Tokens of the vocabulary of an English-only Whisper; by it OpenAI's own code knows them. */
const ENGLISH_VOCABULARY = 51_864;
/** Steps of 0.02 s: the first sign may be 1 s into the recording, as in all of OpenAI's configs. */
const MAX_INITIAL_TIMESTAMP = 50;
const LANGUAGE = /^<\|([a-z]{2,3})\|>$/;

/**
 * @param ids of the special tokens and of the vocabulary, by spelling
 * @returns {} for a tokenizer that is not Whisper's
 */
export function generationOfWhisper(config: Fields, ids: ReadonlyMap<string, number>): Fields {
  const id = (token: string) => ids.get(`<|${token}|>`);
  const [start, end, last] = [id('startoftranscript'), id('endoftext'), id('notimestamps')];
  if (start === undefined || end === undefined) return {};
  const special = [...ids].filter(([token]) => token.startsWith('<|') && token.endsWith('|>'));
  const languages = special.filter(([token, at]) => LANGUAGE.test(token) && at > start);
  const tasks = ['translate', 'transcribe'].flatMap((task) => {
    const at = id(task);
    return at === undefined ? [] : [[task, at]];
  });
  const several = languages.length > 1 && config['vocab_size'] !== ENGLISH_VOCABULARY;
  const steering = special
    .map(([, at]) => at)
    .filter((at) => at >= start && (last === undefined || at <= last))
    .sort((a, b) => a - b);
  const blank = ids.get('Ġ');
  const stated = generationOfConfig(config);
  return {
    decoder_start_token_id: start,
    eos_token_id: end,
    pad_token_id: end,
    max_length: config['max_target_positions'],
    is_multilingual: several,
    ...(several && {
      lang_to_id: Object.fromEntries(languages),
      task_to_id: Object.fromEntries(tasks),
    }),
    ...(last !== undefined && {
      no_timestamps_token_id: last,
      max_initial_timestamp_index: MAX_INITIAL_TIMESTAMP,
    }),
    // What steers the decoder is never its text.
    suppress_tokens: [...nonSpeechTokens(ids), ...steering],
    begin_suppress_tokens: [...(blank === undefined ? [] : [blank]), end],
    ...stated,
  };
}
