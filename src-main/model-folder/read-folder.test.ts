import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  readFolder,
  readGeneration,
  readPreprocessor,
  readTokenizerConfig,
} from './read-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'veer-folder-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
});

const CONFIG = JSON.stringify({ model_type: 't5', eos_token_id: 1, pad_token_id: 0 });
const CONFIGS = {
  'config.json': CONFIG,
  'generation_config.json': '{}',
  'tokenizer.json': '{}',
  'tokenizer_config.json': '{}',
};
const GRAPHS = {
  'onnx/encoder_model.onnx': '',
  'onnx/decoder_model_merged.onnx': '',
};

function write(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const model = (files: Readonly<Record<string, string>>) => write(join(root, 'model'), files);

describe('the family', () => {
  const familyOf = async (config: object) => {
    const folder = model({ ...CONFIGS, ...GRAPHS, 'config.json': JSON.stringify(config) });
    return (await readFolder(folder)).family;
  };

  it('is that of the Python class where there is no model_type', async () => {
    expect(await familyOf({ architectures: ['WhisperForConditionalGeneration'] })).toBe('whisper');
    expect(await familyOf({ architectures: ['MarianMTModel'], dtype: 'float16' })).toBe('marian');
  });

  it('is refused by the name of a class that is not known, and where nothing is named', async () => {
    await expect(familyOf({ architectures: ['BertModel'] })).rejects.toMatchObject({
      code: 'MODEL_FAMILY_UNSUPPORTED',
      message: expect.stringContaining('"BertModel"'),
    });
    await expect(familyOf({ architectures: [] })).rejects.toMatchObject({
      code: 'MODEL_CONFIG_INVALID',
      message: expect.stringMatching(/model_type.*architectures/),
    });
  });
});

describe('files that are not there', () => {
  it('are made up for, and said, where config.json and tokenizer.json know enough', async () => {
    const folder = await readFolder(
      model({ 'config.json': CONFIG, 'tokenizer.json': '{}', ...GRAPHS }),
    );
    expect(folder.notes).toEqual([
      expect.stringMatching(/no generation_config\.json.*config\.json/),
      expect.stringMatching(/no tokenizer_config\.json/),
    ]);
    expect(await readGeneration(folder)).toMatchObject({ eos_token_id: 1, pad_token_id: 0 });
    expect(await readTokenizerConfig(folder)).toEqual({});
    expect((await readFolder(model(CONFIGS))).notes).toEqual([]);
  });

  it('are found in processor_config.json, as version 5 of the Python library writes it', async () => {
    const folder = await readFolder(
      model({
        ...CONFIGS,
        ...GRAPHS,
        'processor_config.json': '{"feature_extractor": {"feature_size": 80}}',
      }),
    );
    expect(await readPreprocessor(folder)).toEqual({
      path: join(folder.directory, 'processor_config.json'),
      fields: { feature_size: 80 },
    });
    write(folder.directory, { 'preprocessor_config.json': '{"feature_size": 128}' });
    const both = await readFolder(folder.directory);
    expect((await readPreprocessor(both)).fields).toEqual({ feature_size: 128 });
  });
});

describe('a folder that an import can make a model of', () => {
  it.each(['model.safetensors', 'model.safetensors.index.json', 'model.bin', 'ggml-tiny.bin'])(
    '%s is named, and the command',
    async (file) => {
      for (const files of [{ ...CONFIGS, [file]: '' }, { [file]: '' }]) {
        rmSync(join(root, 'model'), { recursive: true, force: true });
        const folder = model(files);
        await expect(readFolder(folder)).rejects.toMatchObject({
          code: 'MODEL_FILE_MISSING',
          message: expect.stringMatching(`${file}.*veer models import ${folder}`),
        });
      }
    },
  );

  it('a single file is told from a folder', async () => {
    const file = join(model({ 'ggml-tiny.bin': '' }), 'ggml-tiny.bin');
    await expect(readFolder(file)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining(`veer models import ${file}`),
    });
  });

  it('pickled weights are refused with what helps', async () => {
    await expect(readFolder(model({ ...CONFIGS, 'pytorch_model.bin': '' }))).rejects.toMatchObject({
      code: 'MODEL_FORMAT_UNSUPPORTED',
      message: expect.stringMatching(/pytorch_model\.bin.*safetensors/),
    });
  });

  it('half a set of graphs is named beside the half that is there', async () => {
    const half = { ...CONFIGS, 'encoder_model.onnx': '', 'decoder_model.onnx': '' };
    await expect(readFolder(model(half))).rejects.toMatchObject({
      message: expect.stringMatching(
        /no decoder_with_past_model\.onnx.*it has: decoder_model\.onnx, encoder_model\.onnx/,
      ),
    });
  });
});

describe('the cache of the Hub', () => {
  const TOP = 'models--acme--tiny-t5';
  /** As the Hub's libraries write it: links to files that are named by their hash. */
  function cached(revision = 'abc'): string {
    const top = join(root, TOP);
    const snapshot = join(top, 'snapshots', revision);
    for (const [i, [name, text]] of Object.entries({ ...CONFIGS, ...GRAPHS }).entries()) {
      write(top, { [`blobs/${i}`]: text });
      mkdirSync(dirname(join(snapshot, name)), { recursive: true });
      const up = '../'.repeat(name.split('/').length + 1);
      symlinkSync(`${up}blobs/${i}`, join(snapshot, name));
    }
    return top;
  }

  it('holds a model, by its top folder or by that of a revision', async () => {
    const top = cached();
    const snapshot = join(top, 'snapshots', 'abc');
    for (const path of [top, snapshot]) {
      const { id, directory, dtypes } = await readFolder(path);
      expect({ id, directory, dtypes }).toEqual({
        id: 'tiny-t5',
        directory: snapshot,
        dtypes: ['fp32'],
      });
    }
  });

  it('gives the revision that refs/main names, and asks where it names none', async () => {
    const top = cached('abc');
    cached('def');
    await expect(readFolder(top)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringMatching(/2 revisions.*abc.*def/),
    });
    write(top, { 'refs/main': 'def' });
    expect((await readFolder(top)).directory).toBe(join(top, 'snapshots', 'def'));
    write(top, { 'refs/main': '../..' });
    await expect(readFolder(top)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });

  it('holds nothing without a snapshot', async () => {
    mkdirSync(join(root, TOP));
    await expect(readFolder(join(root, TOP))).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });

  it('is not left by a link, to a file or to a folder', async () => {
    const snapshot = join(cached(), 'snapshots', 'abc');
    const outside = write(join(root, 'outside'), { ...GRAPHS, secret: 'x' });
    for (const [name, target] of [
      ['README.md', join(outside, 'secret')],
      ['onnx', join(outside, 'onnx')],
    ] as const) {
      rmSync(join(snapshot, name), { recursive: true, force: true });
      symlinkSync(target, join(snapshot, name));
      await expect(readFolder(snapshot)).rejects.toMatchObject({
        code: 'MODEL_FILE_DAMAGED',
        message: expect.stringMatching(`${name} is a link to .*outside`),
      });
      rmSync(join(snapshot, name));
    }
  });
});

describe('links in another folder', () => {
  it('are followed to files, and to onnx/ and proxies/, wherever they lead', async () => {
    const folder = model({ ...CONFIGS, ...GRAPHS, 'proxies/wer/proxy.json': '{}' });
    for (const name of ['onnx', 'proxies', 'config.json']) {
      const moved = join(root, `elsewhere-${name}`);
      renameSync(join(folder, name), moved);
      symlinkSync(moved, join(folder, name));
    }
    const { files, dtypes } = await readFolder(folder);
    expect(dtypes).toEqual(['fp32']);
    expect([...files.keys()]).toEqual(expect.arrayContaining(['proxies/wer/proxy.json']));
  });

  it('to other folders, to nothing, and in circles are passed over', async () => {
    const folder = model({ ...CONFIGS, ...GRAPHS });
    symlinkSync(root, join(folder, 'more'));
    symlinkSync(join(root, 'nowhere'), join(folder, 'README.md'));
    mkdirSync(join(folder, 'proxies'));
    symlinkSync('..', join(folder, 'proxies', 'circle'));
    const { files } = await readFolder(folder);
    expect(files.has('README.md')).toBe(false);
    expect([...files.keys()].some((file) => file.startsWith('more/'))).toBe(false);
    expect(files.size).toBeLessThan(100);
  });
});
