import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FIXTURES, MODELS_DIRECTORY } from '../../e2e/dev-inputs.ts';
import { generationOfConfig, generationOfWhisper } from './derive-generation.ts';
import { nonSpeechTokens } from './non-speech-tokens.ts';

const FIELDS = [
  'decoder_start_token_id',
  'eos_token_id',
  'pad_token_id',
  'is_multilingual',
  'task_to_id',
  'no_timestamps_token_id',
] as const;

function folderOf(directory: string) {
  const read = (file: string) => JSON.parse(readFileSync(join(directory, file), 'utf8'));
  const { added_tokens, model } = read('tokenizer.json');
  const ids = new Map<string, number>(Object.entries(model.vocab));
  for (const { content, id } of added_tokens) ids.set(content, id);
  return { config: read('config.json'), own: read('generation_config.json'), ids };
}

it.each(['whisper-multilingual', 'whisper-turbo'])(
  'the tokens of %s are those that its generation_config.json states',
  (name) => {
    const { config, own, ids } = folderOf(join(FIXTURES, 'families', name));
    const derived = generationOfWhisper(config, ids);
    for (const field of [...FIELDS, 'lang_to_id', 'begin_suppress_tokens']) {
      expect({ [field]: derived[field] }).toEqual({ [field]: own[field] });
    }
  },
);

it('a recogniser of one language is not multilingual, and what steers it is never its text', () => {
  const { config, own, ids } = folderOf(join(MODELS_DIRECTORY, 'starter-asr-en-s'));
  const derived = generationOfWhisper(config, ids);
  for (const field of ['is_multilingual', 'max_length']) {
    expect({ [field]: derived[field] }).toEqual({ [field]: own[field] });
  }
  expect(derived['suppress_tokens']).toEqual(expect.arrayContaining(own.suppress_tokens));
  expect(derived).not.toHaveProperty('lang_to_id');
});

it('an English-only checkpoint holds the tokens of all languages and is told by its vocabulary', () => {
  const { config, ids } = folderOf(join(FIXTURES, 'families', 'whisper-multilingual'));
  const english = generationOfWhisper({ ...config, vocab_size: 51_864 }, ids);
  expect(english['is_multilingual']).toBe(false);
});

it('what config.json states goes before what the spelling of tokens suggests', () => {
  const { config, ids } = folderOf(join(FIXTURES, 'families', 'whisper-multilingual'));
  const stated = { suppress_tokens: [1, 2], max_length: 7 };
  expect(generationOfWhisper({ ...config, ...stated }, ids)).toMatchObject(stated);
});

it('brackets and musical signs are no speech; a hyphen within a word is', () => {
  const ids = new Map(
    ['-', 'Ġ-', "Ġ'", '(', 'Ġ(', 'âĻ', 'âĻª', 'Ġ', 'Ġthe', '((('].map((token, id) => [token, id]),
  );
  // Of ♪ the whole sign, of ♩ the first two of its bytes; never a space alone.
  expect(nonSpeechTokens(ids)).toEqual([1, 2, 3, 4, 5, 6, 9]);
});

it('a tokenizer of another kind gives nothing', () => {
  expect(generationOfWhisper({}, new Map([['<pad>', 0]]))).toEqual({});
});

it('fields of generation in config.json are taken over, those of a nested decoder where it has none', () => {
  const config = {
    d_model: 8,
    eos_token_id: 1,
    suppress_tokens: null,
    no_repeat_ngram_size: 3,
    decoder: { eos_token_id: 9, pad_token_id: 0 },
  };
  expect(generationOfConfig(config)).toEqual({
    eos_token_id: 1,
    no_repeat_ngram_size: 3,
    pad_token_id: 0,
  });
});
