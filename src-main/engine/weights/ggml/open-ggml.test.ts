import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bytesInMemory } from '../byte-source.ts';
import { describedWeights, expectedOf, fixturePath } from '../test-expected.ts';
import { readMutations } from '../test-mutations.ts';
import { openGgmlWhisper } from './open-ggml.ts';

const PATH = fixturePath('ggml/tiny.bin');
const original = readFileSync(PATH);

/** The file with `bytes` in place of those at `at`. */
function changed(at: number, bytes: Buffer): Buffer {
  const copy = Buffer.from(original);
  bytes.copy(copy, at);
  return copy;
}

function opened(bytes: Buffer) {
  return openGgmlWhisper(bytesInMemory('ggml.bin', bytes));
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

describe("whisper.cpp's files", () => {
  test('give the values that gguf gives, bit for bit, in all types', async () => {
    const { weights } = await openGgmlWhisper(PATH);
    const expected = expectedOf('ggml');
    expect(await describedWeights(weights.weights.values())).toEqual(expected);
    await weights.close();
  });

  test('give the sizes as fields of a config, and the spellings as bytes', async () => {
    const { weights, config, tokens } = await openGgmlWhisper(PATH);
    await weights.close();
    expect(config).toMatchObject({
      model_type: 'whisper',
      d_model: 32,
      encoder_layers: 1,
      encoder_attention_heads: 2,
      encoder_ffn_dim: 128,
      decoder_layers: 1,
      num_mel_bins: 4,
      max_source_positions: 12,
      max_target_positions: 10,
      vocab_size: 40,
    });
    expect(tokens).toHaveLength(32);
    expect(Buffer.from(tokens[1] ?? []).toString()).toBe('a');
    expect(tokens[30]).toEqual(new Uint8Array([0xc3]));
    expect(Buffer.from(tokens[31] ?? []).toString()).toBe(' übers');
  });

  test('are float16 only where the source is', async () => {
    const { weights } = await openGgmlWhisper(PATH);
    await weights.close();
    const precision = (name: string) => weights.weights.get(`model.${name}`)?.precision;
    expect(precision('encoder.conv1.weight')).toBe('float16');
    expect(precision('encoder.conv1.bias')).toBe('float32');
  });

  const name = original.indexOf('encoder.conv1.weight');
  test.each([
    ['GGUF', changed(0, Buffer.from('GGUF')), 'MODEL_FORMAT_UNSUPPORTED', 'GGUF'],
    ['a K-quant', changed(name - 16, int32(12)), 'MODEL_FORMAT_UNSUPPORTED', 'ggml type Q4_K'],
    ['another file', changed(0, Buffer.from('RIFF')), 'MODEL_FILE_DAMAGED', 'does not begin'],
    ['an unknown tensor', changed(name, Buffer.from('X')), 'MODEL_FILE_DAMAGED', 'unknown tensor'],
    ['a wrong shape', changed(name - 12, int32(5)), 'MODEL_FILE_DAMAGED', 'has the shape'],
    ['a negative size', changed(4, int32(-1)), 'MODEL_FILE_DAMAGED', 'sizes is -1'],
    ['two billion layers', changed(20, int32(2 ** 31 - 1)), 'MODEL_FILE_DAMAGED', 'layers'],
    ['an early end', original.subarray(0, -1), 'MODEL_FILE_DAMAGED', 'ends too early'],
    ['missing tensors', original.subarray(0, name - 24), 'MODEL_FILE_DAMAGED', 'missing'],
    [
      'a repeated tensor',
      Buffer.concat([original, original.subarray(name - 24, name + 20 + 32 * 4 * 3 * 2)]),
      'MODEL_FILE_DAMAGED',
      'twice',
    ],
  ])('are refused by name: %s', async (_, bytes, code, message) => {
    await expect(opened(bytes)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  test('give a named error or a table when damaged', async () => {
    const read = await readMutations(original, openGgmlWhisper, 2000);
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(2000);
  });
});
