import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { MODELS_DIRECTORY, RECOGNISERS, TRANSLATOR, TRANSLATORS } from '../../e2e/dev-inputs.ts';
import { findModel, findProxy } from './find-model.ts';
import { listModels } from './list-models.ts';
import { INT8, makeModel, modelsFolder, PAIR, writeProxy } from './test-model-folders.ts';

let root: string;
beforeEach(() => {
  root = modelsFolder();
});

describe('listModels', () => {
  it('lists the bundled models with their dtypes and proxies', async () => {
    const models = await listModels([MODELS_DIRECTORY]);
    const proxy = (name: RegExp) => ({
      dtypes: ['fp32', 'int8'],
      proxies: [expect.objectContaining({ directory: expect.stringMatching(name) })],
      brokenProxies: [],
    });
    expect(models).toEqual([
      ...RECOGNISERS.map((id) =>
        expect.objectContaining({
          id,
          task: 'transcribe',
          directions: [{ source: 'en', target: 'en' }],
          ...proxy(/wer-attention$/),
        }),
      ),
      ...TRANSLATORS.map((id) =>
        expect.objectContaining({
          id,
          task: 'translate',
          directions: [
            { source: 'en', target: 'de' },
            { source: 'de', target: 'en' },
          ],
          ...proxy(/chrf-attention$/),
        }),
      ),
    ]);
  });

  it('reads the languages of a recogniser from its generation config', async () => {
    makeModel(root, 'english', PAIR, { model_type: 'whisper' });
    makeModel(root, 'several', PAIR, { model_type: 'whisper' });
    makeModel(root, 'unknown', PAIR, { model_type: 'whisper' });
    const config = { is_multilingual: true, lang_to_id: { '<|de|>': 7, '<|haw|>': 8 } };
    writeFileSync(join(root, 'english', 'generation_config.json'), '{}');
    writeFileSync(join(root, 'several', 'generation_config.json'), JSON.stringify(config));
    writeFileSync(join(root, 'unknown', 'generation_config.json'), '{');
    const models = await listModels([root]);
    const languages = models.map((model) =>
      'directions' in model ? model.directions.map(({ source }) => source) : null,
    );
    expect(languages).toEqual([['en'], ['de', 'haw'], []]);
  });

  it('lists a model in the cache of the Hub, a pair of dtypes, and what was made up', async () => {
    makeModel(join(root, 'models--acme--tiny', 'snapshots'), 'abc', PAIR);
    makeModel(root, 'pair', ['encoder_model.onnx', 'decoder_model_merged_q4.onnx']);
    writeFileSync(join(root, 'pair', 'generation_config.json'), '{}');
    writeFileSync(join(root, 'pair', 'tokenizer_config.json'), '{}');
    expect(await listModels([root])).toMatchObject([
      {
        id: 'tiny',
        dtypes: ['fp32'],
        notes: [
          expect.stringContaining('generation_config.json'),
          expect.stringContaining('tokenizer_config.json'),
        ],
      },
      { id: 'pair', dtypes: ['fp32+q4'], notes: [] },
    ]);
    expect((await findModel([root], 'tiny', 'translate')).directory).toMatch(/abc$/);
  });

  it('says what is wrong with a folder that cannot be used', async () => {
    makeModel(root, 'half', ['encoder_model.onnx', 'encoder_model_int8.onnx']);
    makeModel(root, 'strange', PAIR, { model_type: 'bert' });
    makeModel(root, 'wrong', PAIR, { no: 'type' });
    mkdirSync(join(root, 'something-else'));
    const problems = (await listModels([root, join(root, 'nowhere')])).map((model) => [
      model.id,
      'problem' in model ? model.problem : null,
    ]);
    expect(problems).toEqual([
      ['half', expect.stringMatching(/no onnx\/decoder_model_merged\.onnx/)],
      ['strange', expect.stringMatching(/"bert"/)],
      ['wrong', expect.stringMatching(/config\.json.*Copy/)],
    ]);
  });
});

describe('findModel', () => {
  it('takes the first usable model for the task where none is named', async () => {
    makeModel(root, 'a-broken', ['encoder_model.onnx']);
    makeModel(root, 'b-whisper', PAIR, { model_type: 'whisper' });
    makeModel(root, 'c-t5', INT8);
    expect(await findModel([root], null, 'translate')).toMatchObject({
      id: 'c-t5',
      dtypes: ['int8'],
    });
  });

  it('names the broken ones where no usable one is left', async () => {
    makeModel(root, 'a-broken', ['encoder_model.onnx']);
    await expect(findModel([root], null, 'translate')).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining('a-broken'),
    });
  });

  it('takes the first bundled one of the task by itself', async () => {
    for (const [task, names] of [
      ['transcribe', RECOGNISERS],
      ['translate', TRANSLATORS],
    ] as const) {
      expect((await findModel([MODELS_DIRECTORY], null, task)).id).toBe(names[0]);
    }
  });

  it('takes a path as well as a name', async () => {
    expect((await findModel([root], TRANSLATOR, 'translate')).directory).toBe(TRANSLATOR);
    const named = await findModel([MODELS_DIRECTORY], TRANSLATORS[0], 'translate');
    expect(named.directory).toBe(TRANSLATOR);
  });
});

describe('findProxy', () => {
  it('says what is wrong with a broken one instead of denying it', async () => {
    makeModel(root, 'model', PAIR);
    writeProxy(join(root, 'model'), 'broken', '{"formatVersion": 7}');
    const model = await findModel([root], 'model', 'translate');
    for (const wanted of [null, 'broken']) {
      expect(() => findProxy(model, wanted)).toThrow(
        expect.objectContaining({
          code: 'PROXY_INVALID',
          message: expect.stringMatching(/proxy\.json.*formatVersion/),
        }),
      );
    }
    expect(() => findProxy(model, 'other')).toThrow(
      expect.objectContaining({ code: 'PROXY_NOT_FOUND' }),
    );
    cpSync(join(TRANSLATOR, 'proxies'), join(root, 'model', 'proxies'), { recursive: true });
    const mended = await findModel([root], 'model', 'translate');
    expect(findProxy(mended, null).manifest.id).toBe('chrf-attention');
  });
});
