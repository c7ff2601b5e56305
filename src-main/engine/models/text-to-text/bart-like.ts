/** Config fields that BART and what was made of it (Marian, M2M100, mBART) share, and their shapes. */

import { z } from 'zod';
import { checkConfig, type ModelFolder } from '../model-folder.ts';
import type { TextFamily } from './text-family.ts';

const configSchema = z.looseObject({
  d_model: z.int().positive(),
  decoder_attention_heads: z.int().positive(),
  /** Of the encoder and of the decoder alike. */
  max_position_embeddings: z.int().positive(),
});

/** @throws VeerError MODEL_CONFIG_INVALID */
export function bartShapes(
  folder: ModelFolder,
): Pick<TextFamily, 'hiddenSize' | 'cache' | 'sourcePositions' | 'decoderPositions'> {
  const { d_model, decoder_attention_heads, max_position_embeddings } = checkConfig(
    folder,
    configSchema,
  );
  return {
    hiddenSize: d_model,
    cache: { heads: decoder_attention_heads, headSize: d_model / decoder_attention_heads },
    sourcePositions: max_position_embeddings,
    decoderPositions: max_position_embeddings,
  };
}
