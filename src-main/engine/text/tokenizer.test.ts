import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MODELS_DIRECTORY, RECOGNISERS, TRANSLATORS } from '../../../e2e/dev-inputs.ts';
import reference from '../../../e2e/fixtures/tokenizers/reference.json' with { type: 'json' };
import { Tokenizer, type TokenizerOptions } from './tokenizer.ts';

const MODELS = [...RECOGNISERS, ...TRANSLATORS] as const;
type ModelId = (typeof MODELS)[number];

async function optionsOf(id: ModelId): Promise<TokenizerOptions> {
  const read = async (file: string) =>
    JSON.parse(await readFile(join(MODELS_DIRECTORY, id, file), 'utf8'));
  const config = await read('config.json');
  return {
    tokenizer: await read('tokenizer.json'),
    config: await read('tokenizer_config.json'),
    directory: id,
    vocabSize: config.vocab_size,
    endOfTextIds: [config.eos_token_id],
  };
}

describe.each(MODELS)('the tokenizer of %s', (id) => {
  test('gives the ids and texts of the Python library for hard texts', async () => {
    const tokenizer = new Tokenizer(await optionsOf(id));
    const { ids, decoded } = reference.models[id];
    expect(reference.texts.map((text) => tokenizer.encode(text))).toEqual(ids);
    expect(ids.map((row) => tokenizer.decode(row))).toEqual(decoded);
  });

  test('gives no text for no ids', async () => {
    expect(new Tokenizer(await optionsOf(id)).decode([])).toBe('');
  });

  test('is refused with the files of another model', async () => {
    const other = MODELS.find((model) => model.slice(0, 10) !== id.slice(0, 10)) ?? id;
    const { tokenizer, config } = await optionsOf(other);
    const options = { ...(await optionsOf(id)), tokenizer, config };
    expect(() => new Tokenizer(options)).toThrow(
      expect.objectContaining({ code: 'TOKENIZER_MISMATCH' }),
    );
  });

  test('is refused where its end token is an ordinary one', async () => {
    const options = { ...(await optionsOf(id)), endOfTextIds: [20] };
    expect(() => new Tokenizer(options)).toThrow(/does not end a text/);
  });

  test('is refused when its file is something else', async () => {
    const options = { ...(await optionsOf(id)), tokenizer: { model: { type: 'nothing' } } };
    expect(() => new Tokenizer(options)).toThrow(
      expect.objectContaining({ code: 'TOKENIZER_MISMATCH' }),
    );
  });
});

test('spaces before punctuation are tidied where the config asks for it, and only there', async () => {
  const [id] = TRANSLATORS;
  const options = await optionsOf(id);
  const decode = (config: object) => {
    const tokenizer = new Tokenizer({ ...options, config });
    return tokenizer.decode(tokenizer.encode("Well , it 's here ."));
  };
  expect(decode({ clean_up_tokenization_spaces: true })).toBe("Well, it's here.");
  expect(decode({ clean_up_tokenization_spaces: false })).toBe("Well , it 's here .");
  expect(decode({})).toBe("Well , it 's here .");
});

test('a part that is not known is refused by name', async () => {
  const options = await optionsOf(MODELS[0]);
  const tokenizer = { ...options.tokenizer, normalizer: { type: 'Nmt' } };
  expect(() => new Tokenizer({ ...options, tokenizer })).toThrow(
    expect.objectContaining({
      code: 'TOKENIZER_MISMATCH',
      message: expect.stringContaining('its normalizer "Nmt" is not one that Veer reads'),
    }),
  );
});
