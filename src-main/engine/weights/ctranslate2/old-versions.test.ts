import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type Ctranslate2Checkpoint, openCtranslate2 } from './open-ctranslate2.ts';
import {
  modelBytes,
  scalar,
  tensor,
  translatorWeights,
  type WrittenModel,
  type WrittenVariable,
  words,
  writeModel,
} from './test-model-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'veer-ctranslate2-'));
afterAll(() => rmSync(folder, { recursive: true }));

const opened: Ctranslate2Checkpoint[] = [];
afterEach(async () => {
  for (const { weights } of opened.splice(0)) await weights.close();
});

async function open(model: WrittenModel, config: string | null = null) {
  const checkpoint = await openCtranslate2(writeModel(folder, modelBytes(model)), config);
  opened.push(checkpoint);
  return checkpoint;
}

async function valuesOf({ weights }: Ctranslate2Checkpoint, name: string): Promise<number[]> {
  const weight = weights.weights.get(name);
  if (weight === undefined) throw new Error(`no ${name}`);
  return [...(await weight.readRows(0, weight.shape[0] ?? 1))];
}

const OLD_SETTINGS = {
  num_heads: scalar(2),
  pre_norm: scalar(1),
  activation: scalar(0),
  unk_token: words('<unk>'),
  bos_token: words('<bos>'),
  eos_token: words('<eos>'),
  with_source_bos: scalar(0),
  with_source_eos: scalar(1),
  with_target_bos: scalar(0),
};

function translator(
  binaryVersion: number,
  more: Record<string, WrittenVariable> = {},
): WrittenModel {
  const variables: Record<string, WrittenVariable> = {
    ...translatorWeights(),
    ...OLD_SETTINGS,
    ...more,
  };
  const projection = 'decoder/projection/weight';
  const embeddings = variables['decoder/embeddings/weight'];
  if (embeddings === undefined) throw new Error('no embeddings');
  return binaryVersion < 3
    ? {
        binaryVersion,
        spec: 'TransformerSpec',
        revision: 3,
        variables: { ...variables, [projection]: embeddings },
      }
    : {
        binaryVersion,
        spec: 'TransformerSpec',
        revision: 3,
        variables,
        aliases: { [projection]: 'decoder/embeddings/weight' },
      };
}

describe('a translator in binary version', () => {
  it.each([2, 3, 4, 5])(
    '%i has its settings among the variables, and gives the same weights',
    async (version) => {
      const checkpoint = await open(translator(version));
      expect(checkpoint.tokens).toEqual({
        unkToken: '<unk>',
        bosToken: '<bos>',
        eosToken: '<eos>',
        decoderStartToken: '<eos>',
        addSourceBos: false,
        addSourceEos: true,
      });
      expect(checkpoint.config).toMatchObject({
        model_type: 'marian',
        encoder_attention_heads: 2,
        decoder_attention_heads: 2,
        normalize_before: true,
        activation_function: 'relu',
        scale_embedding: true,
        tie_word_embeddings: true,
        vocab_size: 5,
        max_position_embeddings: 1024,
      });
      const written = translatorWeights();
      expect(
        await valuesOf(checkpoint, 'model.decoder.layers.0.encoder_attn.v_proj.weight'),
      ).toEqual(written['decoder/layer_0/attention/linear_1/weight']?.values.slice(16));
      expect(await valuesOf(checkpoint, 'model.encoder.layers.0.self_attn.k_proj.bias')).toEqual(
        written['encoder/layer_0/self_attention/linear_0/bias']?.values.slice(4, 8),
      );
      expect(checkpoint.weights.weights.has('lm_head.weight')).toBe(false);
    },
  );

  it('2 names the heads by the kind of model where it does not store them', async () => {
    const { num_heads: _, ...variables } = translator(2).variables;
    const wide = { ...variables };
    for (const [spec, heads] of [
      ['TransformerBase', 8],
      ['TransformerBig', 16],
    ] as const) {
      // width 4 is no multiple of 8 or 16: the number shows in the message
      const model = { binaryVersion: 2, spec, revision: 2, variables: wide };
      await expect(open(model)).rejects.toThrow(`${heads} attention heads`);
    }
  });

  it('6 has its settings in config.json', async () => {
    const config = JSON.stringify({
      eos_token: 'E',
      decoder_start_token: null,
      add_source_eos: true,
    });
    const checkpoint = await open({ ...translator(6), revision: 4 }, config);
    expect(checkpoint.tokens).toMatchObject({
      eosToken: 'E',
      decoderStartToken: null,
      addSourceEos: true,
    });
  });
});

describe('positions that are not stored', () => {
  it('are the sinusoids that CTranslate2 makes: from 1 on, sines before cosines', async () => {
    const checkpoint = await open(translator(5));
    const [first, second] = [
      await valuesOf(checkpoint, 'model.encoder.embed_positions.weight'),
    ].flatMap((values) => [values.slice(0, 4), values.slice(4, 8)]);
    const row = (p: number): number[] => [
      Math.sin(p),
      Math.sin(p / 10_000),
      Math.cos(p),
      Math.cos(p / 10_000),
    ];
    for (const [found, position] of [
      [first, 1],
      [second, 2],
    ] as const) {
      for (const [i, value] of row(position).entries()) expect(found?.[i]).toBeCloseTo(value, 6);
    }
  });
});

describe('quantised weights', () => {
  const name = 'encoder/layer_0/ffn/linear_0/weight';

  it('are divided by the scale of their row', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -127, max: 127 }), { minLength: 24, maxLength: 24 }),
        fc.array(fc.float({ min: Math.fround(0.01), max: 1000, noNaN: true }), {
          minLength: 6,
          maxLength: 6,
        }),
        fc.nat(6),
        fc.nat(6),
        async (values, scales, one, other) => {
          const [from, to] = [Math.min(one, other), Math.max(one, other)];
          const checkpoint = await open(
            translator(5, {
              [name]: { type: 'int8', shape: [6, 4], values },
              [`${name}_scale`]: { type: 'float32', shape: [6], values: scales },
            }),
          );
          const weight = checkpoint.weights.weights.get('model.encoder.layers.0.fc1.weight');
          const rows = await weight?.readRows(from, to);
          const expected = values
            .slice(from * 4, to * 4)
            .map((value, i) => Math.fround(value / (scales[from + Math.floor(i / 4)] ?? 0)));
          // -0 and 0 are the same weight
          expect([...(rows ?? [])].map((value) => value + 0)).toEqual(
            expected.map((value) => value + 0),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  it('of int16 have one scale, 1000 where the file has none', async () => {
    const values = Array.from({ length: 24 }, (_, i) => i * 100 - 1200);
    const stored = { [name]: { type: 'int16', shape: [6, 4], values } } as const;
    const scale = { [`${name}_scale`]: scalar(256, 'float32') };
    for (const [more, factor] of [
      [scale, 256],
      [{}, 1000],
    ] as const) {
      const checkpoint = await open(translator(5, { ...stored, ...more }));
      expect(await valuesOf(checkpoint, 'model.encoder.layers.0.fc1.weight')).toEqual(
        values.map((value) => Math.fround(value / factor)),
      );
    }
  });

  it('of int8 without scales, or with scales that are none, are damaged', async () => {
    const stored: WrittenVariable = { type: 'int8', shape: [6, 4], values: new Array(24).fill(1) };
    const damage = { code: 'MODEL_FILE_DAMAGED' };
    await expect(open(translator(5, { [name]: stored }))).rejects.toMatchObject(damage);
    const scales = { type: 'float32', shape: [6], values: [1, 2, 0, 4, 5, 6] } as const;
    const checkpoint = await open(translator(5, { [name]: stored, [`${name}_scale`]: scales }));
    const weight = checkpoint.weights.weights.get('model.encoder.layers.0.fc1.weight');
    await expect(weight?.readRows(0, 2)).resolves.toHaveLength(8);
    await expect(weight?.readRows(0, 3)).rejects.toMatchObject(damage);
  });
});

describe('what cannot be read is named', () => {
  const family = 'MODEL_FAMILY_UNSUPPORTED';
  const layer = 'encoder/layer_0/self_attention';
  const cases: readonly (readonly [string, WrittenModel, string, string])[] = [
    [
      'relative positions',
      translator(5, { [`${layer}/relative_position_keys`]: tensor('r', 3, 2) }),
      family,
      'relative positions',
    ],
    [
      'rotary positions',
      translator(5, { [`${layer}/rotary_dim`]: scalar(2, 'int32') }),
      family,
      'rotary positions',
    ],
    ['ALiBi', translator(5, { 'decoder/alibi': scalar(1) }), family, 'ALiBi'],
    [
      'a setting of the future',
      translator(5, { 'decoder/novelty': scalar(1) }),
      family,
      '"decoder/novelty"',
    ],
    [
      'weights of the future',
      translator(5, { 'encoder/novelty': tensor('n', 3) }),
      family,
      '"encoder/novelty"',
    ],
    ['another spec', { ...translator(5), spec: 'Wav2Vec2Spec' }, family, 'Wav2Vec2Spec'],
    ['the first revision', { ...translator(5), revision: 1 }, family, 'first CTranslate2'],
    [
      'binary version 7',
      { ...translator(5), binaryVersion: 7 },
      'MODEL_FORMAT_UNSUPPORTED',
      'begins with 7',
    ],
    [
      'a missing tensor',
      { ...translator(5), aliases: {} },
      'MODEL_FILE_DAMAGED',
      '"decoder/projection/weight" is missing',
    ],
    [
      'an alias of nothing',
      { ...translator(5), aliases: { a: 'b' } },
      'MODEL_FILE_DAMAGED',
      '"b", which is missing',
    ],
    [
      'a tensor of another size',
      translator(5, { [`${layer}/linear_1/weight`]: tensor('w', 4, 5) }),
      'MODEL_FILE_DAMAGED',
      '[4, 5]',
    ],
    ['a bad config.json', translator(5), 'MODEL_CONFIG_INVALID', 'not valid JSON'],
  ];
  it.each(cases)('%s', async (_, model, code, words_) => {
    const config = code === 'MODEL_CONFIG_INVALID' ? '{' : null;
    await expect(open(model, config)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words_),
    });
  });

  it('bytes after the end, and a name that is there twice', async () => {
    const bytes = modelBytes(translator(5));
    const longer = writeModel(folder, Buffer.concat([bytes, Buffer.of(0)]));
    await expect(openCtranslate2(longer, null)).rejects.toThrow('1 bytes follow');
    const twice = { ...translator(5), aliases: { num_heads: 'num_heads' } };
    await expect(open(twice)).rejects.toThrow('"num_heads" is in it twice');
  });
});
