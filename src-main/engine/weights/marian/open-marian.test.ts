import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type MarianCheckpoint, openMarianBinary, openMarianNpz } from './open-marian.ts';
import {
  binaryBytes,
  FEED_FORWARD,
  npzBytes,
  parameters,
  settings,
  VOCABULARY,
  WIDTH,
  type WrittenItem,
} from './test-marian-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'veer-marian-'));
afterAll(() => rmSync(folder, { recursive: true }));
const opened: MarianCheckpoint[] = [];
afterEach(async () => {
  for (const { weights } of opened.splice(0)) await weights.close();
});

type Form = 'stored' | 'deflated' | 'float32' | 'intgemm8';

async function open(
  form: Form,
  decoder: 'self-attention' | 'rnn',
  changes: {
    readonly settings?: Record<string, string>;
    readonly change?: (items: Record<string, WrittenItem>) => void;
  } = {},
): Promise<MarianCheckpoint> {
  const items = parameters(decoder);
  changes.change?.(items);
  const yml = settings(decoder, changes.settings);
  const archive = form === 'stored' || form === 'deflated';
  const path = join(folder, archive ? 'model.npz' : 'model.bin');
  const bytes = archive
    ? npzBytes(items, yml, form === 'deflated')
    : binaryBytes(items, yml, form === 'intgemm8');
  writeFileSync(path, bytes);
  const checkpoint = await (archive ? openMarianNpz(path) : openMarianBinary(path));
  opened.push(checkpoint);
  return checkpoint;
}

async function valuesOf({ weights }: MarianCheckpoint, name: string): Promise<Float32Array> {
  const weight = weights.weights.get(name);
  if (weight === undefined) throw new Error(`no ${name}`);
  return weight.readRows(0, weight.shape[0] ?? 1);
}

/** [in, out] as [out, in]. */
function turned({ shape, values }: WrittenItem): Float32Array {
  const [inner = 0, outer = 0] = shape;
  return Float32Array.from(
    values,
    (_, i) => values[(i % inner) * outer + Math.floor(i / inner)] ?? 0,
  );
}

describe.each(['stored', 'deflated', 'float32', 'intgemm8'] as const)(
  'a Marian model, %s',
  (form) => {
    it.each(['self-attention', 'rnn'] as const)(
      "with a decoder of %s has Hugging Face's names",
      async (decoder) => {
        const checkpoint = await open(form, decoder);
        expect(checkpoint.config).toMatchObject({
          model_type: 'marian',
          d_model: WIDTH,
          encoder_layers: 2,
          decoder_layers: 1,
          encoder_attention_heads: 2,
          encoder_ffn_dim: FEED_FORWARD,
          vocab_size: VOCABULARY,
          activation_function: 'relu',
          normalize_before: false,
          tie_word_embeddings: true,
          decoder_start_from_zero: true,
        });
        expect(checkpoint.config['decoder_cell']).toBe(decoder === 'rnn' ? 'ssru' : undefined);
        const written = parameters(decoder);
        const pairs: readonly (readonly [string, string])[] = [
          ['model.encoder.layers.1.self_attn.k_proj.weight', 'encoder_l2_self_Wk'],
          ['model.encoder.layers.0.fc1.weight', 'encoder_l1_ffn_W1'],
          ['model.encoder.layers.0.fc2.weight', 'encoder_l1_ffn_W2'],
          ['model.decoder.layers.0.encoder_attn.out_proj.weight', 'decoder_l1_context_Wo'],
          ...(decoder === 'rnn'
            ? ([
                ['model.decoder.layers.0.rnn.weight', 'decoder_l1_rnn_W'],
                ['model.decoder.layers.0.rnn.forget.weight', 'decoder_l1_rnn_Wf'],
              ] as const)
            : []),
        ];
        for (const [name, source] of pairs) {
          const item = written[source];
          if (item === undefined) throw new Error(source);
          const [inner = 0, outer = 0] = item.shape;
          expect(checkpoint.weights.weights.get(name)?.shape).toEqual([outer, inner]);
          expectNear(await valuesOf(checkpoint, name), turned(item), form);
        }
        const embeddings = written['Wemb']?.values ?? new Float32Array();
        expectNear(await valuesOf(checkpoint, 'model.shared.weight'), embeddings, form);
        const bias = written['decoder_ff_logit_out_b']?.values;
        expect(await valuesOf(checkpoint, 'final_logits_bias')).toEqual(bias);
        // every parameter but the two tables of positions came from the file
        expect(checkpoint.weights.weights.size).toBe(Object.keys(written).length + 2);
      },
    );

    it('gives rows in parts as it gives them together', async () => {
      const checkpoint = await open(form, 'rnn');
      const weight = checkpoint.weights.weights.get('model.encoder.layers.0.fc1.weight');
      const whole = await weight?.readRows(0, FEED_FORWARD);
      const parts = [
        await weight?.readRows(0, 5),
        await weight?.readRows(5, 5),
        await weight?.readRows(5, 12),
      ];
      expect(parts.flatMap((part) => [...(part ?? [])])).toEqual([...(whole ?? [])]);
    });
  },
);

/** intgemm8 rounds to a grid of 127 steps up to the largest number, which is 127/64. */
function expectNear(found: Float32Array, expected: Float32Array, form: Form): void {
  if (form !== 'intgemm8') {
    expect(found).toEqual(expected);
    return;
  }
  expect(found).toHaveLength(expected.length);
  const errors = found.map((value, i) => Math.abs(value - (expected[i] ?? Number.NaN)));
  expect(Math.max(...errors)).toBeLessThan(1.001 / 128);
}

describe('positions', () => {
  it('are those of Marian: from 0 on, the last sine of a width at 1/10000', async () => {
    const checkpoint = await open('stored', 'rnn');
    const weight = checkpoint.weights.weights.get('model.decoder.embed_positions.weight');
    const [row] = [await weight?.readRows(3, 4)];
    const expected = [0, 1, 2, 3].map((j) => 3 / 10_000 ** (j / 3));
    for (const [j, angle] of expected.entries()) {
      expect(row?.[j]).toBeCloseTo(Math.sin(angle), 6);
      expect(row?.[4 + j]).toBeCloseTo(Math.cos(angle), 6);
    }
  });
});

describe('what cannot be read is named', () => {
  const family = 'MODEL_FAMILY_UNSUPPORTED';
  const damage = 'MODEL_FILE_DAMAGED';
  it.each([
    ['another kind of model', { settings: { type: 's2s' } }, family, 'the type s2s'],
    [
      'averaging attention',
      { settings: { 'transformer-decoder-autoreg': 'average-attention' } },
      family,
      'average-attention',
    ],
    [
      'another order of norms',
      { settings: { 'transformer-postprocess': 'dna' } },
      family,
      'order of norms',
    ],
    [
      'trained positions',
      { settings: { 'transformer-train-positions': 'true' } },
      family,
      'trained positions',
    ],
    ['settings without a width', { settings: { 'dim-emb': '~' } }, damage, 'dim-emb is ~'],
    [
      'a model that is deeper than it says',
      { settings: { 'enc-depth': '1' } },
      family,
      'encoder_l2',
    ],
    [
      'a model that is shallower than it says',
      { settings: { 'enc-depth': '3' } },
      damage,
      'encoder_l3_self_Wq',
    ],
  ] as const)('%s', async (_, changes, code, words) => {
    await expect(open('stored', 'self-attention', changes)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
  });

  it('a matrix of another size', async () => {
    const change = (items: Record<string, WrittenItem>): void => {
      items['encoder_l2_ffn_W1'] = { shape: [WIDTH, 4], values: new Float32Array(4 * WIDTH) };
    };
    await expect(open('float32', 'rnn', { change })).rejects.toThrow(
      '"encoder_l2_ffn_W1" has the shape [8, 4]',
    );
  });
});
