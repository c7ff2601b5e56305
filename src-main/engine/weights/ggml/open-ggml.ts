/**
 * whisper.cpp's model files (ggml, `.bin`). Layout: models/convert-pt-to-ggml.py and whisper_model_load() of
 * https://github.com/ggml-org/whisper.cpp
 */

import { VeerError } from '../../../contract/errors.ts';
import { ByteCursor } from '../byte-cursor.ts';
import { type ByteSource, damaged, elementsOf, openBytes, quoted } from '../byte-source.ts';
import { BYTES_OF, type NumberType, readNumbers } from '../decode-values.ts';
import { requireRows, rowsOf } from '../rows.ts';
import type { Weight, WeightTable } from '../weight-table.ts';
import { BLOCK, BLOCK_TYPES, type BlockType, blockBytes, decodeBlocks } from './block-types.ts';
import { readSizes, readTokens, type Sizes } from './head.ts';
import { type FeedForward, type Place, placesOf } from './names.ts';

/** A Whisper model as it stands in the file. */
export interface GgmlWhisper {
  /** `proj_out` is not among them: it is the embedding. */
  readonly weights: WeightTable;
  /** Fields of config.json that follow from the file. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Spellings by id, in bytes. Special tokens (the ids behind them) have none. */
  readonly tokens: readonly Uint8Array[];
}

const NUMBER_TYPES: ReadonlyMap<number, NumberType> = new Map([
  [0, 'float32'],
  [1, 'float16'],
]);
/** Names of types that are not read, by their number. */
const OTHER_TYPES: ReadonlyMap<number, string> = new Map([
  [10, 'Q2_K'],
  [11, 'Q3_K'],
  [12, 'Q4_K'],
  [13, 'Q5_K'],
  [14, 'Q6_K'],
  [15, 'Q8_K'],
  [30, 'BF16'],
]);
/** Bytes of the longest name that is read: OpenAI's have 40. */
const LONGEST_NAME = 256;
/** Blocks decoded at a time. */
const BLOCKS_AT_A_TIME = 1 << 15;

/**
 * @param from path, or the bytes; they are closed with the table, and where it cannot be opened
 * @throws VeerError MODEL_FILE_MISSING; MODEL_FILE_DAMAGED, also for unknown, repeated and missing tensors;
 *   MODEL_FORMAT_UNSUPPORTED for GGUF and for types other than F32, F16, Q4_0, Q4_1, Q5_0, Q5_1 and Q8_0
 */
export async function openGgmlWhisper(from: string | ByteSource): Promise<GgmlWhisper> {
  const source = typeof from === 'string' ? await openBytes(from) : from;
  try {
    const cursor = new ByteCursor(source);
    const sizes = await readSizes(cursor, source.name);
    const tokens = await readTokens(cursor, sizes, source.name);
    const places = placesOf(sizes);
    const weights = new Map<string, Weight>();
    const inner = new Map<FeedForward, number>();
    while (cursor.left > 0) {
      const weight = await readTensor(source, cursor, places, inner);
      if (weights.has(weight.name)) {
        throw damaged(source.name, `${quoted(weight.name)} is in it twice`);
      }
      weights.set(weight.name, weight);
    }
    for (const [name, place] of places) {
      if (!weights.has(place.name)) throw damaged(source.name, `${quoted(name)} is missing`);
    }
    return {
      weights: { weights, close: () => source.close() },
      config: configOf(sizes, inner),
      tokens,
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** @param inner widths of the feed-forward networks; those met first are added */
async function readTensor(
  source: ByteSource,
  cursor: ByteCursor,
  places: ReadonlyMap<string, Place>,
  inner: Map<FeedForward, number>,
): Promise<Weight> {
  const rank = await cursor.i32();
  const nameLength = await cursor.i32();
  const type = await cursor.i32();
  if (rank < 1 || rank > 3 || nameLength < 1 || nameLength > LONGEST_NAME) {
    throw damaged(source.name, 'the description of a tensor is senseless');
  }
  const shape: number[] = [];
  // The file has the innermost first.
  for (let i = 0; i < rank; i++) shape.unshift(await cursor.i32());
  const name = await cursor.text(nameLength);
  const place = places.get(name);
  if (place === undefined) throw damaged(source.name, `it has an unknown tensor ${quoted(name)}`);
  // The biases of the convolutions are columns there.
  const column = place.shape.length === 1 && shape.length === 2 && shape[1] === 1;
  const stated = column ? shape.slice(0, 1) : shape;
  for (const [axis, size] of place.shape.entries()) {
    if (typeof size !== 'number' && !inner.has(size)) inner.set(size, stated[axis] ?? 0);
  }
  const expected = place.shape.map((size) =>
    typeof size === 'number' ? size : (inner.get(size) ?? 0),
  );
  if (stated.join() !== expected.join()) {
    throw damaged(
      source.name,
      `${quoted(name)} has the shape [${shape.join(', ')}], not [${expected.join(', ')}]`,
    );
  }
  const tensor = { name: place.name, shape: expected };
  const offset = cursor.offset;
  // A value has half a byte or more.
  const elements = elementsOf(expected, 2 * cursor.left, source.name, name);
  const numbers = NUMBER_TYPES.get(type);
  if (numbers !== undefined) {
    cursor.skip(elements * BYTES_OF[numbers]);
    return numberWeight(source, tensor, numbers, offset);
  }
  const blocks = BLOCK_TYPES.get(type);
  if (blocks === undefined) {
    throw new VeerError(
      'MODEL_FORMAT_UNSUPPORTED',
      `${source.name} holds tensors of the ggml type ${OTHER_TYPES.get(type) ?? type}, which Veer does not read. Use the same model as F16, Q8_0, Q5_0, Q5_1, Q4_0 or Q4_1.`,
    );
  }
  if (expected.length < 2 || (expected.at(-1) ?? 0) % BLOCK !== 0) {
    throw damaged(source.name, `the rows of ${quoted(name)} are no whole blocks`);
  }
  cursor.skip((elements / BLOCK) * blockBytes(blocks));
  return blockWeight(source, tensor, blocks, offset);
}

type Tensor = Pick<Weight, 'name' | 'shape'>;

function numberWeight(
  source: ByteSource,
  tensor: Tensor,
  type: NumberType,
  offset: number,
): Weight {
  const rows = rowsOf(tensor.shape);
  return {
    ...tensor,
    precision: type === 'float16' ? 'float16' : 'float32',
    readRows(from, to) {
      requireRows(rows, from, to);
      const start = offset + from * rows.width * BYTES_OF[type];
      return readNumbers(source, type, start, (to - from) * rows.width);
    },
  };
}

function blockWeight(source: ByteSource, tensor: Tensor, type: BlockType, offset: number): Weight {
  const rows = rowsOf(tensor.shape);
  const blocksInRow = rows.width / BLOCK;
  const size = blockBytes(type);
  return {
    ...tensor,
    precision: 'float32',
    async readRows(from, to) {
      requireRows(rows, from, to);
      const values = new Float32Array((to - from) * rows.width);
      const end = to * blocksInRow;
      const first = from * blocksInRow;
      for (let block = first; block < end; block += BLOCKS_AT_A_TIME) {
        const count = Math.min(BLOCKS_AT_A_TIME, end - block);
        const bytes = await source.read(offset + block * size, count * size);
        const at = (block - first) * BLOCK;
        decodeBlocks(type, bytes.buffer, values.subarray(at, at + count * BLOCK));
      }
      return values;
    },
  };
}

function configOf(sizes: Sizes, inner: ReadonlyMap<FeedForward, number>): GgmlWhisper['config'] {
  return {
    model_type: 'whisper',
    architectures: ['WhisperForConditionalGeneration'],
    activation_function: 'gelu',
    d_model: sizes.width,
    encoder_layers: sizes.encoderLayers,
    encoder_attention_heads: sizes.encoderHeads,
    encoder_ffn_dim: inner.get('encoder_ffn_dim'),
    decoder_layers: sizes.decoderLayers,
    decoder_attention_heads: sizes.decoderHeads,
    decoder_ffn_dim: inner.get('decoder_ffn_dim'),
    num_mel_bins: sizes.mels,
    max_source_positions: sizes.audioPositions,
    max_target_positions: sizes.textPositions,
    vocab_size: sizes.vocabulary,
    scale_embedding: false,
    tie_word_embeddings: true,
  };
}
