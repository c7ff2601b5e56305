/** Everything before the tensors of whisper.cpp's model file: sizes, mel filters, vocabulary. */

import { VeerError } from '../../../contract/errors.ts';
import type { ByteCursor } from '../byte-cursor.ts';
import { damaged } from '../byte-source.ts';

/** "ggml" as a number. */
const MAGIC = 0x67676d6c;
/** What other files of the same family begin with: GGUF, and two older layouts of language models. */
const FOREIGN: ReadonlyMap<number, string> = new Map([
  [0x46554747, 'a GGUF file'],
  [0x67676d66, 'a file of language models (ggmf)'],
  [0x67676a74, 'a file of language models (ggjt)'],
]);
/** More than any model has, and few enough to count up to. */
const MOST_LAYERS = 1000;

export interface Sizes {
  readonly vocabulary: number;
  /** Frames behind the convolutions: 1,500 are 30 s. */
  readonly audioPositions: number;
  readonly width: number;
  readonly encoderHeads: number;
  readonly encoderLayers: number;
  readonly textPositions: number;
  readonly decoderHeads: number;
  readonly decoderLayers: number;
  readonly mels: number;
}

/** @throws VeerError MODEL_FORMAT_UNSUPPORTED for GGUF and other layouts, MODEL_FILE_DAMAGED */
export async function readSizes(cursor: ByteCursor, file: string): Promise<Sizes> {
  const magic = await cursor.u32();
  const foreign = FOREIGN.get(magic);
  if (foreign !== undefined) {
    throw new VeerError(
      'MODEL_FORMAT_UNSUPPORTED',
      `${file} is ${foreign}, which Veer does not read. Import the same model as safetensors, or Whisper as the .bin of whisper.cpp.`,
    );
  }
  if (magic !== MAGIC) throw damaged(file, 'it does not begin as a ggml file does');
  const size = async () => {
    const value = await cursor.i32();
    if (value < 1) throw damaged(file, `one of its sizes is ${value}`);
    return value;
  };
  const vocabulary = await size();
  const audioPositions = await size();
  const width = await size();
  const encoderHeads = await size();
  const encoderLayers = await size();
  const textPositions = await size();
  const textWidth = await size();
  const decoderHeads = await size();
  const decoderLayers = await size();
  const mels = await size();
  // Type of most tensors; each says its own.
  cursor.skip(4);
  if (textWidth !== width) throw damaged(file, 'encoder and decoder differ in width');
  if (width % encoderHeads !== 0 || width % decoderHeads !== 0) {
    throw damaged(file, 'its width is no multiple of its heads');
  }
  if (Math.max(encoderLayers, decoderLayers) > MOST_LAYERS) {
    throw damaged(file, `it claims more than ${MOST_LAYERS} layers`);
  }
  return {
    vocabulary,
    audioPositions,
    width,
    encoderHeads,
    encoderLayers,
    textPositions,
    decoderHeads,
    decoderLayers,
    mels,
  };
}

/** Passes over the mel filters, which follow from their number, and gives the spellings by id. */
export async function readTokens(
  cursor: ByteCursor,
  { mels, vocabulary }: Sizes,
  file: string,
): Promise<readonly Uint8Array[]> {
  const filterMels = await cursor.i32();
  const bins = await cursor.i32();
  if (filterMels !== mels || bins < 1) throw damaged(file, 'its mel filters do not fit its sizes');
  cursor.skip(filterMels * bins * Float32Array.BYTES_PER_ELEMENT);
  const count = await cursor.i32();
  if (count < 0 || count > vocabulary) {
    throw damaged(file, `it has ${count} spellings for ${vocabulary} tokens`);
  }
  const tokens: Uint8Array[] = [];
  for (let id = 0; id < count; id++) tokens.push(await cursor.bytes(await cursor.u32()));
  return tokens;
}
