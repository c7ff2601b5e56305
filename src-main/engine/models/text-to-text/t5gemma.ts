/**
 * T5Gemma (Zhang et al. 2025, arXiv 2504.06225): encoder and decoder are Gemma 2 models, each with a
 * config of its own. Its caches have the heads of keys and values, fewer than those of queries.
 */

import { z } from 'zod';
import { checkConfig } from '../model-folder.ts';
import { refuseLanguages } from './language-choice.ts';
import type { MakeTextFamily } from './text-family.ts';

const moduleSchema = z.looseObject({
  hidden_size: z.int().positive(),
  num_key_value_heads: z.int().positive(),
  head_dim: z.int().positive(),
  max_position_embeddings: z.int().positive(),
});
const configSchema = z.looseObject({ encoder: moduleSchema, decoder: moduleSchema });

export const t5gemma: MakeTextFamily = (folder, tokenizer, languages) => {
  const { encoder, decoder } = checkConfig(folder, configSchema);
  refuseLanguages(folder.id, languages);
  return {
    hiddenSize: encoder.hidden_size,
    cache: { heads: decoder.num_key_value_heads, headSize: decoder.head_dim },
    sourcePositions: encoder.max_position_embeddings,
    decoderPositions: decoder.max_position_embeddings,
    language: null,
    sourceLanguage: null,
    prefix: '',
    frame: tokenizer.frame,
    prompt: [folder.generation.decoder_start_token_id],
    generation: folder.generation,
  };
};
