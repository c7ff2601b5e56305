/** Model folders and proxies that are broken, each in one way. */

import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RECOGNISER, TRANSLATOR } from '../dev-inputs.ts';
import { cutShort, flipOneBit, ModelCopy } from './test-model-copies.ts';
import { errorCodes, TestFolder, UTTERANCE, veer } from './test-veer.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());
folder.write('short.txt', 'Hello.\n');
const PROXY = 'proxies/chrf-attention';

interface Damage {
  readonly what: string;
  readonly code: string;
  /** What the message must name. */
  readonly names: RegExp;
  readonly damage: (model: ModelCopy) => void;
  readonly alpha?: string;
}

const lacking = (code: string, ...files: readonly string[]): Damage => ({
  what: `no ${files[0]}`,
  code,
  names: new RegExp(`${files[0]?.replaceAll('.', '\\.')}.*Copy`),
  damage: (model) => model.remove(...files),
});

const ENCODERS = ['onnx/encoder_model.onnx', 'onnx/encoder_model_int8.onnx'];
const DECODERS = ['onnx/decoder_model_merged.onnx', 'onnx/decoder_model_merged_int8.onnx'];

const common: readonly Damage[] = [
  lacking('MODEL_FILE_MISSING', 'config.json'),
  lacking('MODEL_FILE_MISSING', 'tokenizer.json'),
  lacking('MODEL_FILE_MISSING', ...ENCODERS),
  lacking('MODEL_FILE_MISSING', ...DECODERS),
  {
    what: 'weights that are still to be imported',
    code: 'MODEL_FILE_MISSING',
    names: /no ONNX graphs.*model\.safetensors.*veer models import/,
    damage: (model) => {
      model.remove('onnx');
      model.replace('model.safetensors', join(TRANSLATOR, 'config.json'));
    },
  },
  {
    what: 'pickled weights',
    code: 'MODEL_FORMAT_UNSUPPORTED',
    names: /pytorch_model\.bin.*safetensors/,
    damage: (model) => {
      model.remove('onnx');
      model.replace('pytorch_model.bin', join(TRANSLATOR, 'config.json'));
    },
  },
  {
    what: 'config.json that is not JSON',
    code: 'MODEL_CONFIG_INVALID',
    names: /config\.json.*Copy/,
    damage: (model) => model.change('config.json', () => '{"model_type": '),
  },
  {
    what: 'config.json without d_model',
    code: 'MODEL_CONFIG_INVALID',
    names: /config\.json.*d_model/,
    damage: (model) =>
      model.changeJson('config.json', (config) => {
        delete config['d_model'];
      }),
  },
  {
    what: 'no end token in its configs',
    code: 'MODEL_CONFIG_INVALID',
    names: /generation_config\.json.*eos_token_id/,
    damage: (model) => {
      // Older folders have it in the second one only.
      for (const file of ['generation_config.json', 'config.json']) {
        model.changeJson(file, (config) => {
          delete config['eos_token_id'];
        });
      }
    },
  },
  {
    what: 'an unsupported family',
    code: 'MODEL_FAMILY_UNSUPPORTED',
    names: /"bert".*whisper, moonshine, t5/,
    damage: (model) =>
      model.changeJson('config.json', (config) => {
        config['model_type'] = 'bert';
      }),
  },
  {
    what: 'an encoder cut short',
    code: 'MODEL_FILE_DAMAGED',
    names: /encoder_model\.onnx.*Copy/,
    damage: (model) => model.change('onnx/encoder_model.onnx', cutShort),
  },
  {
    what: 'a decoder cut short',
    code: 'MODEL_FILE_DAMAGED',
    names: /decoder_model_merged\.onnx.*Copy/,
    damage: (model) => model.change('onnx/decoder_model_merged.onnx', cutShort),
  },
  {
    what: 'an empty encoder',
    code: 'MODEL_FILE_DAMAGED',
    names: /encoder_model\.onnx.*Copy/,
    damage: (model) => model.change('onnx/encoder_model.onnx', () => ''),
  },
];

const ofTranslator: readonly Damage[] = [
  ...common,
  {
    what: 'the tokenizer of the recogniser',
    code: 'TOKENIZER_MISMATCH',
    names: /tokenizer.*Copy/,
    damage: (model) => model.replace('tokenizer.json', join(RECOGNISER, 'tokenizer.json')),
  },
  {
    what: 'an encoder with one bit changed',
    code: 'PROXY_ENCODER_UNLISTED',
    names: /fp32 encoder.*Use a listed encoder/,
    alpha: '0.1',
    damage: (model) => model.change('onnx/encoder_model.onnx', flipOneBit),
  },
  {
    what: 'a proxy that does not list the encoder',
    code: 'PROXY_ENCODER_UNLISTED',
    names: /fp32 encoder/,
    alpha: '0.1',
    damage: (model) =>
      model.changeJson(`${PROXY}/proxy.json`, (proxy) => {
        const { int8 } = proxy['encoders'] as Record<string, unknown>;
        proxy['encoders'] = { int8 };
      }),
  },
  {
    what: 'a proxy for another hidden size',
    code: 'PROXY_INVALID',
    names: /size 7\b.*has \d+/,
    alpha: '0.1',
    damage: (model) =>
      model.changeJson(`${PROXY}/proxy.json`, (proxy) => {
        proxy['hiddenSize'] = 7;
      }),
  },
  {
    what: 'a proxy graph cut short',
    code: 'PROXY_INVALID',
    names: /proxy\.onnx.*Copy/,
    alpha: '0.1',
    damage: (model) => model.change(`${PROXY}/proxy.onnx`, cutShort),
  },
  {
    what: 'a proxy without its graph',
    code: 'PROXY_INVALID',
    names: /proxy\.onnx.*Copy/,
    alpha: '0.1',
    damage: (model) => model.remove(`${PROXY}/proxy.onnx`),
  },
  {
    what: 'a proxy without its manifest',
    code: 'PROXY_INVALID',
    names: /proxy\.json.*Copy/,
    alpha: '0.1',
    damage: (model) => model.remove(`${PROXY}/proxy.json`),
  },
  {
    what: 'a proxy manifest of a later format',
    code: 'PROXY_INVALID',
    names: /proxy\.json.*formatVersion/,
    alpha: '0.1',
    damage: (model) =>
      model.changeJson(`${PROXY}/proxy.json`, (proxy) => {
        proxy['formatVersion'] = 2;
      }),
  },
  {
    what: 'no proxy at all',
    code: 'PROXY_NOT_FOUND',
    names: /no proxy/,
    alpha: '0.1',
    damage: (model) => model.remove('proxies'),
  },
];

const ofRecogniser: readonly Damage[] = [
  lacking('MODEL_FILE_MISSING', 'preprocessor_config.json'),
  {
    what: 'the tokenizer of the translator',
    code: 'TOKENIZER_MISMATCH',
    names: /tokenizer.*Copy/,
    damage: (model) => model.replace('tokenizer.json', join(TRANSLATOR, 'tokenizer.json')),
  },
  {
    what: 'a sampling rate that it was not made for',
    code: 'MODEL_CONFIG_INVALID',
    names: /preprocessor_config\.json.*sampling_rate/,
    damage: (model) =>
      model.changeJson('preprocessor_config.json', (config) => {
        config['sampling_rate'] = 8000;
      }),
  },
];

async function expectRefusal(
  task: string,
  source: string,
  inputs: readonly string[],
  { what, code, names, damage, alpha = '0' }: Damage,
): Promise<void> {
  const name = `${task} ${what.replaceAll('/', ' ')}`;
  const model = new ModelCopy(source, join(folder.path, name));
  damage(model);
  const out = join(folder.path, `${name} out`);
  const args = [task, '--model', model.path, '--alpha', alpha, '--out', out, ...inputs];
  const outcome = await veer(args);
  expect(Object.values(errorCodes(outcome.stderr)), outcome.stderr).toEqual([code]);
  expect(outcome.stderr).toMatch(names);
  // The model is to blame, so no file is.
  expect(outcome.stderr.split('\n')[0]).not.toContain(`${inputs[0]}:`);
  expect({ code: outcome.code, stdout: outcome.stdout }).toEqual({ code: 2, stdout: '' });
  expect(folder.list(`${name} out`)).toEqual([]);
}

describe.concurrent('a translator with', () => {
  it.each(ofTranslator)('$what is refused as $code', async (damage) => {
    const text = join(folder.path, 'short.txt');
    await expectRefusal('translate', TRANSLATOR, [text, text], damage);
  });
});

describe.concurrent('a recogniser with', () => {
  it.each(ofRecogniser)('$what is refused as $code', async (damage) => {
    await expectRefusal('transcribe', RECOGNISER, [UTTERANCE, UTTERANCE], damage);
  });
});

describe('a folder of links, as the cache of the Hugging Face libraries', () => {
  it('works unchanged', async () => {
    const model = new ModelCopy(TRANSLATOR, join(folder.path, 'links'));
    const outcome = await veer(['translate', '-', '--model', model.path], { input: 'Hello.' });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('compare where an option fits one of the two models only', () => {
  it('says so and still does the files of the other model', async () => {
    const text = join(folder.path, 'short.txt');
    const files = [UTTERANCE, text, UTTERANCE];
    const outcome = await veer(['compare', '--language', 'de', ...files]);
    expect(errorCodes(outcome.stderr)).toEqual({ '': 'LANGUAGE_UNSUPPORTED' });
    expect(outcome.stderr).toContain('not done for the same reason: 1 more');
    expect(outcome.stdout).toContain(`== ${text}`);
    expect(outcome.code).toBe(1);
  });
});
