import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseGgml } from './test-ggml-reader.ts';
import { writeWhisperCpp } from './write-whisper-cpp.ts';

const WIDTH = 32;
const CONFIG = {
  vocab_size: 7,
  max_source_positions: 5,
  max_target_positions: 9,
  d_model: WIDTH,
  encoder_attention_heads: 2,
  encoder_layers: 1,
  encoder_ffn_dim: 4 * WIDTH,
  decoder_attention_heads: 4,
  decoder_layers: 1,
  decoder_ffn_dim: 4 * WIDTH,
  num_mel_bins: 80,
};
const TENSORS = {
  'model.encoder.conv1.weight': [WIDTH, 80, 3],
  'model.encoder.conv1.bias': [WIDTH],
  'model.encoder.embed_positions.weight': [5, WIDTH],
  'model.encoder.layers.0.self_attn.k_proj.weight': [WIDTH, WIDTH],
  'model.encoder.layer_norm.weight': [WIDTH],
  'model.decoder.embed_tokens.weight': [7, WIDTH],
  'model.decoder.layers.0.encoder_attn.out_proj.weight': [WIDTH, WIDTH],
  'model.decoder.layers.0.fc1.weight': [4 * WIDTH, WIDTH],
  'model.decoder.layers.0.final_layer_norm.bias': [WIDTH],
  'proj_out.weight': [7, WIDTH],
} as const;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veer-ggml-'));
  await writeFile(join(folder, 'config.json'), JSON.stringify(CONFIG));
  await writeFile(join(folder, 'model.safetensors'), safetensors(TENSORS));
});
afterAll(() => rm(folder, { recursive: true }));

test('the header holds the shape of the model, and the filters are those of the features', async () => {
  const { header, filters } = parseGgml(await written('f16'));
  expect(header).toEqual([0x67676d6c, 7, 5, WIDTH, 2, 1, 9, WIDTH, 4, 1, 80, 1]);
  expect(filters.shape).toEqual([80, 201]);
  // 40 Hz belongs to the first filter, 0 Hz and 8 kHz to none; the area of a band is 1.
  const band = (b: number) => [...filters.data.subarray(b * 201, (b + 1) * 201)];
  expect(band(0)[1]).toBeGreaterThan(0.02);
  expect(filters.data[0]).toBe(0);
  expect(band(79)[200]).toBeCloseTo(0, 7);
  for (const b of [50, 79]) {
    expect(band(b).reduce((sum, weight) => sum + weight * 40, 0)).toBeCloseTo(1, 1);
  }
});

test('tensors have the names of whisper.cpp, their innermost dimension first, and nothing comes twice', async () => {
  const { tensors } = parseGgml(await written('f16'));
  expect(Object.fromEntries([...tensors].map(([name, { sizes }]) => [name, sizes]))).toEqual({
    'encoder.conv1.weight': [3, 80, WIDTH],
    'encoder.conv1.bias': [1, WIDTH],
    'encoder.positional_embedding': [WIDTH, 5],
    'encoder.blocks.0.attn.key.weight': [WIDTH, WIDTH],
    'encoder.ln_post.weight': [WIDTH],
    'decoder.token_embedding.weight': [WIDTH, 7],
    'decoder.blocks.0.cross_attn.out.weight': [WIDTH, WIDTH],
    'decoder.blocks.0.mlp.0.weight': [WIDTH, 4 * WIDTH],
    'decoder.blocks.0.mlp_ln.bias': [WIDTH],
  });
});

test.each([
  ['f16', 2 ** -11, 'f16'],
  // Half a step of a block whose largest magnitude is below 1.
  ['q8_0', 0.5 / 127 + 2 ** -11, 'q8_0'],
] as const)('a file in %s gives its matrices back within rounding', async (type, error, matrix) => {
  const { tensors } = parseGgml(await written(type));
  for (const [name, target, stored, most] of [
    ['model.decoder.embed_tokens.weight', 'decoder.token_embedding.weight', matrix, error],
    ['model.encoder.conv1.weight', 'encoder.conv1.weight', 'f16', 2 ** -11],
    ['model.encoder.embed_positions.weight', 'encoder.positional_embedding', 'f32', 0],
    ['model.encoder.conv1.bias', 'encoder.conv1.bias', 'f32', 0],
  ] as const) {
    const read = tensors.get(target);
    expect(read?.type).toBe(stored);
    const values = valuesOf(name, TENSORS[name]);
    const off = values.map((value, i) => Math.abs(value - (read?.data[i] ?? Number.NaN)));
    expect(Math.max(...off)).toBeLessThanOrEqual(most);
  }
});

test('another width of the feed-forward layers, and unknown tensors, are refused by name', async () => {
  const narrow = { ...CONFIG, decoder_ffn_dim: 2 * WIDTH };
  await writeFile(join(folder, 'config.json'), JSON.stringify(narrow));
  await expect(written('f16')).rejects.toThrow("4 times the model's width (128) only");
  await writeFile(join(folder, 'config.json'), JSON.stringify(CONFIG));
  await writeFile(
    join(folder, 'model.safetensors'),
    safetensors({ 'model.decoder.gate.weight': [2] }),
  );
  await expect(written('f16')).rejects.toThrow('model.decoder.gate.weight');
});

async function written(type: 'f16' | 'q8_0'): Promise<Buffer> {
  const path = join(folder, `${type}.bin`);
  await writeWhisperCpp(folder, path, type);
  return readFile(path);
}

/** Between -1 and 1, others for every tensor. */
function valuesOf(name: string, shape: readonly number[]): readonly number[] {
  const count = shape.reduce((product, size) => product * size, 1);
  return Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i * 12.9898 + name.length)));
}

function safetensors(shapes: Readonly<Record<string, readonly number[]>>): Buffer {
  const entries: Record<string, object> = { __metadata__: { format: 'pt' } };
  const parts: Buffer[] = [];
  let at = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const data = Buffer.from(Float32Array.from(valuesOf(name, shape)).buffer);
    entries[name] = { dtype: 'F32', shape, data_offsets: [at, at + data.length] };
    parts.push(data);
    at += data.length;
  }
  const header = Buffer.from(JSON.stringify(entries));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...parts]);
}
