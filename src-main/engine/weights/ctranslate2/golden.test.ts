import { describe, expect, it } from 'vitest';
import { openCtranslate2 } from './open-ctranslate2.ts';
import { expectedTensors, goldenPath, goldenText } from './test-golden.ts';
import { readCtranslate2Vocabulary } from './vocabulary.ts';

/** Fields of the configs that the fixtures were made from. */
const BART_SHAPE = {
  d_model: 16,
  encoder_layers: 2,
  decoder_layers: 1,
  encoder_attention_heads: 2,
  decoder_attention_heads: 2,
  encoder_ffn_dim: 24,
  decoder_ffn_dim: 32,
};
const T5 = {
  model_type: 't5',
  vocab_size: 36,
  d_model: 16,
  d_kv: 6,
  d_ff: 24,
  num_layers: 2,
  num_decoder_layers: 1,
  num_heads: 2,
  relative_attention_num_buckets: 8,
  relative_attention_max_distance: 20,
  layer_norm_epsilon: 1e-6,
};
const CONFIGS = {
  whisper: {
    ...BART_SHAPE,
    model_type: 'whisper',
    vocab_size: 40,
    num_mel_bins: 8,
    max_source_positions: 12,
    max_target_positions: 10,
    tie_word_embeddings: true,
  },
  marian: {
    ...BART_SHAPE,
    model_type: 'marian',
    vocab_size: 32,
    activation_function: 'silu',
    scale_embedding: true,
    normalize_before: false,
    decoder_start_from_zero: true,
    max_position_embeddings: 24,
    share_encoder_decoder_embeddings: true,
  },
  m2m100: {
    ...BART_SHAPE,
    model_type: 'm2m_100',
    vocab_size: 36,
    activation_function: 'relu',
    scale_embedding: true,
    normalize_before: true,
    decoder_start_from_zero: false,
  },
  bart: {
    ...BART_SHAPE,
    model_type: 'bart',
    vocab_size: 36,
    activation_function: 'gelu',
    scale_embedding: false,
    normalize_before: false,
    static_position_embeddings: false,
    max_position_embeddings: 24,
    layer_norm_eps: 1e-5,
  },
  opennmt: {
    ...BART_SHAPE,
    model_type: 'marian',
    encoder_attention_heads: 4,
    decoder_attention_heads: 4,
    decoder_ffn_dim: 24,
    activation_function: 'relu',
    scale_embedding: true,
    normalize_before: true,
    decoder_start_from_zero: false,
    vocab_size: 30,
    decoder_vocab_size: 34,
    max_position_embeddings: 20,
    tie_word_embeddings: false,
  },
  't5-gated': { ...T5, feed_forward_proj: 'gated-gelu', tie_word_embeddings: false },
  't5-tied': { ...T5, feed_forward_proj: 'relu', tie_word_embeddings: true },
} as const;

describe.each(Object.entries(CONFIGS))('a %s model converted by CTranslate2', (name, config) => {
  it.each(['float32', 'float16', 'int8'])(
    'gives the tensors of the checkpoint from %s',
    async (form) => {
      const opened = await openCtranslate2(
        goldenPath(name, `model.${form}.bin`),
        goldenText(name, 'config.json'),
      );
      const expected = expectedTensors(name);
      const { weights } = opened.weights;
      expect([...weights.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [tensor, { shape, values }] of expected) {
        const weight = weights.get(tensor);
        if (weight === undefined) throw new Error(tensor);
        expect(weight.shape, tensor).toEqual(shape);
        const found = await weight.readRows(0, shape[0] ?? 1);
        if (form === 'float32') expect(found, tensor).toEqual(values);
        else if (form === 'float16') expect(found, tensor).toEqual(values.map(Math.f16round));
        else expect(withinHalfStep(found, values, shape[0] ?? 1), tensor).toBe(true);
      }
      expect(opened.config).toMatchObject(config);
      await opened.weights.close();
    },
  );
});

/** Each value is at most half a step of its row's int8 grid away, and a half of float32's precision. */
function withinHalfStep(found: Float32Array, expected: Float32Array, rows: number): boolean {
  const length = expected.length / rows;
  for (let row = 0; row < rows; row++) {
    const values = expected.subarray(row * length, (row + 1) * length);
    const step = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127;
    for (const [i, value] of values.entries()) {
      const error = Math.abs((found[row * length + i] ?? Number.NaN) - value);
      if (!(error <= (step / 2) * 1.0001)) return false;
    }
  }
  return found.length === expected.length;
}

describe('what lies beside the weights', () => {
  it("is Whisper's lists of tokens and heads", async () => {
    const opened = await openCtranslate2(
      goldenPath('whisper', 'model.int8.bin'),
      goldenText('whisper', 'config.json'),
    );
    expect(opened.spec).toEqual({ name: 'WhisperSpec', revision: 3, binaryVersion: 6 });
    expect(opened.tokens).toBeNull();
    // a vocabulary of that size is English-only, whatever languages config.json lists
    expect(opened.whisper).toEqual({
      suppressIds: [4, 5],
      suppressIdsBegin: [2, 6],
      langIds: [],
      alignmentHeads: [[0, 1]],
    });
    await opened.weights.close();
  });

  it("is a translator's tokens, and its vocabulary", async () => {
    const opened = await openCtranslate2(
      goldenPath('marian', 'model.float16.bin'),
      goldenText('marian', 'config.json'),
    );
    expect(opened.tokens).toEqual({
      unkToken: '<unk>',
      bosToken: '<s>',
      eosToken: '</s>',
      decoderStartToken: '</s>',
      addSourceBos: false,
      addSourceEos: false,
    });
    const tokens = await readCtranslate2Vocabulary(goldenPath('marian', 'shared_vocabulary.json'));
    expect(tokens).toHaveLength(Number(opened.config['vocab_size']));
    expect(tokens.slice(0, 3)).toEqual(['</s>', '<unk>', 'w0']);
    await opened.weights.close();
  });

  it('is a vocabulary that tells M2M100 from OpenNMT', async () => {
    const path = goldenPath('m2m100', 'model.float16.bin');
    const config = goldenText('m2m100', 'config.json');
    const tokens = await readCtranslate2Vocabulary(goldenPath('m2m100', 'shared_vocabulary.json'));
    for (const [vocabulary, family] of [
      [tokens, 'm2m_100'],
      [['<s>', '</s>', '▁a'], 'marian'],
    ] as const) {
      const opened = await openCtranslate2(path, config, vocabulary);
      expect(opened.config['model_type']).toBe(family);
      await opened.weights.close();
    }
  });
});
