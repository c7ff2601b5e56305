/**
 * A Whisper model as whisper.cpp reads it (its `whisper_model_load`): header, mel filters, no words, tensors.
 * Everything is little-endian. Words are left out because the benchmark drives the decoder by ids; the
 * loader then names the tokens itself.
 */

import { z } from 'zod';
import { slaneyMelFilters } from '../../../src-main/engine/audio/mel-filters.ts';
import type { WeightTensor } from './safetensors.ts';
import { tensorName } from './tensor-names.ts';
import { type FileType, tensorBytes, typeOf } from './tensor-types.ts';

const MAGIC = 0x67676d6c;
const FILTERS = { nFft: 400, samplingRate: 16_000 } as const;
/** Added to the file's type: how blocks of numbers are laid out. */
const BLOCKS_VERSION = 2 * 1000;
const FILE_TYPES: Readonly<Record<FileType, number>> = { f16: 1, q8_0: 7 + BLOCKS_VERSION };

export const whisperConfigSchema = z.looseObject({
  vocab_size: z.int(),
  max_source_positions: z.int(),
  max_target_positions: z.int(),
  d_model: z.int(),
  encoder_attention_heads: z.int(),
  encoder_layers: z.int(),
  encoder_ffn_dim: z.int(),
  decoder_attention_heads: z.int(),
  decoder_layers: z.int(),
  decoder_ffn_dim: z.int(),
  num_mel_bins: z.int(),
});
export type WhisperConfig = z.infer<typeof whisperConfigSchema>;

/** Why whisper.cpp cannot run a model of this shape; null where it can. */
export function whyNotWhisperCpp(config: WhisperConfig): string | null {
  const { d_model: width, encoder_ffn_dim: encoder, decoder_ffn_dim: decoder } = config;
  if (encoder === 4 * width && decoder === 4 * width) return null;
  return `whisper.cpp has feed-forward layers of 4 times the model's width (${4 * width}) only; this model's have ${encoder} and ${decoder}.`;
}

/**
 * @param type of the matrices. Biases, norms and positions are float32 in every file, the kernels of the
 *   convolutions float16.
 * @throws Error for a shape that the format cannot express
 */
export function* ggmlFile(
  config: WhisperConfig,
  tensors: ReadonlyMap<string, WeightTensor>,
  type: FileType,
): Generator<Uint8Array> {
  const reason = whyNotWhisperCpp(config);
  if (reason !== null) throw new Error(reason);
  yield integers([
    MAGIC,
    config.vocab_size,
    config.max_source_positions,
    config.d_model,
    config.encoder_attention_heads,
    config.encoder_layers,
    config.max_target_positions,
    config.d_model,
    config.decoder_attention_heads,
    config.decoder_layers,
    config.num_mel_bins,
    FILE_TYPES[type],
  ]);
  yield* melFilters(config.num_mel_bins);
  const words = 0;
  yield integers([words]);
  for (const [name, tensor] of tensors) {
    const target = tensorName(name);
    if (target !== null) yield* namedTensor(target, tensor, type);
  }
}

/** [filters][bins] */
function* melFilters(count: number): Generator<Uint8Array> {
  const bins = FILTERS.nFft / 2 + 1;
  const table = new Float32Array(count * bins);
  for (const [i, filter] of slaneyMelFilters(count, FILTERS.nFft, FILTERS.samplingRate).entries()) {
    table.set(filter.weights, i * bins + filter.firstBin);
  }
  yield integers([count, bins]);
  yield new Uint8Array(table.buffer);
}

function* namedTensor(
  name: string,
  { shape, data }: WeightTensor,
  fileType: FileType,
): Generator<Uint8Array> {
  const type = typeOf(name, shape, fileType);
  const bytes = new TextEncoder().encode(name);
  // Innermost dimension first; a convolution's bias is a column.
  const sizes = /conv\d\.bias$/.test(name) ? [1, ...shape] : shape.toReversed();
  yield integers([sizes.length, bytes.length, type.id, ...sizes]);
  yield bytes;
  yield tensorBytes(data, type.name);
}

function integers(values: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer);
}
