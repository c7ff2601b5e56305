/** What every builder is given. */

import { posix } from 'node:path';
import { z } from 'zod';
import { VeerError } from '../../../contract/errors.ts';
import type { MadeDtype } from '../../../contract/model-import.ts';
import { graphFiles } from '../../../contract/model-layout.ts';
import type { MatrixFormat } from '../../onnx/layers/matrix.ts';
import type { Checkpoint } from './checkpoint.ts';

/** File names of the graphs. */
export interface GraphNames {
  readonly encoder: string;
  readonly cross: string;
  readonly step: string;
  /** Where tokens look, for times of words; its values are those of `step`. */
  readonly alignment: string;
}

export interface Plan {
  readonly checkpoint: Checkpoint;
  readonly format: MatrixFormat;
  readonly names: GraphNames;
}

export function graphNames(dtype: MadeDtype): GraphNames {
  const { encoder, ownDecoder, alignment } = graphFiles(dtype);
  const [cross, step] = ownDecoder;
  const name = posix.basename;
  return {
    encoder: name(encoder),
    cross: name(cross),
    step: name(step),
    alignment: name(alignment),
  };
}

/** Layers of one side, more than any model has: they are laid out before their weights are looked for. */
export const layerCount = z.int().positive().max(1000);

/** Of config.json: what BART's layers are made of, which Whisper has too. */
export const stackFields = {
  d_model: z.int().positive(),
  encoder_layers: layerCount,
  decoder_layers: layerCount,
  encoder_attention_heads: z.int().positive(),
  decoder_attention_heads: z.int().positive(),
  encoder_ffn_dim: z.int().positive(),
  decoder_ffn_dim: z.int().positive(),
  vocab_size: z.int().positive(),
};

interface Widths {
  readonly d_model: number;
  readonly encoder_attention_heads: number;
  readonly decoder_attention_heads: number;
}

/** Of BART and Whisper, whose heads share the width; those of T5 have one of their own. */
export function headsDivide(widths: Widths): boolean {
  const { d_model: size, encoder_attention_heads, decoder_attention_heads } = widths;
  return size % encoder_attention_heads === 0 && size % decoder_attention_heads === 0;
}

/** How a config without such heads is refused. */
export const HEADS_DIVIDE = {
  path: ['encoder_attention_heads, decoder_attention_heads'],
  message: 'they must divide d_model',
};

/** @throws VeerError MODEL_CONFIG_INVALID naming the field */
export function fieldsOf<T extends z.ZodType>(config: object, schema: T): z.infer<T> {
  const parsed = schema.safeParse(config);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new VeerError(
    'MODEL_CONFIG_INVALID',
    `config.json does not describe the model: ${issue?.path.join('.')}: ${issue?.message}.`,
  );
}
