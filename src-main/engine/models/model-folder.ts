/**
 * Opening a model folder: which files must be there, and what its configs say. Nothing is loaded
 * into ONNX Runtime here. Field names are those of Hugging Face's configs.
 */

import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Dtype } from '../../contract/devices.ts';
import { VeerError } from '../../contract/errors.ts';
import {
  availableDtypes,
  CONFIG_FILE,
  type Family,
  GENERATION_CONFIG_FILE,
  graphFiles,
  isFamily,
  TOKENIZER_CONFIG_FILE,
  TOKENIZER_FILE,
} from '../../contract/model-layout.ts';
import { readJsonFile } from '../files/json-file.ts';

const tokenIds = z.union([z.int(), z.array(z.int()).nonempty()]).transform((ids) => [ids].flat());

const configSchema = z.looseObject({
  model_type: z.string(),
  vocab_size: z.int().positive(),
  d_model: z.int().positive(),
  is_encoder_decoder: z.boolean().optional(),
});

const generationConfigSchema = z.looseObject({
  decoder_start_token_id: z.int(),
  eos_token_id: tokenIds,
  pad_token_id: z.int(),
  max_length: z.int().positive().default(20),
  max_new_tokens: z.int().positive().nullish(),
  min_length: z.int().nonnegative().nullish(),
  min_new_tokens: z.int().nonnegative().nullish(),
  repetition_penalty: z.number().positive().nullish(),
  no_repeat_ngram_size: z.int().nonnegative().nullish(),
  forced_bos_token_id: z.int().nullish(),
  forced_eos_token_id: tokenIds.nullish(),
  suppress_tokens: z.array(z.int()).nullish(),
  begin_suppress_tokens: z.array(z.int()).nullish(),
});
export type GenerationConfig = z.infer<typeof generationConfigSchema>;

export interface ModelFolder {
  readonly directory: string;
  /** Name of the folder. */
  readonly id: string;
  readonly family: Family;
  readonly dtype: Dtype;
  readonly encoderPath: string;
  readonly decoderPath: string;
  /** config.json with the fields every family has checked; families check their own. */
  readonly config: z.infer<typeof configSchema>;
  readonly generation: GenerationConfig;
  readonly tokenizer: object;
  readonly tokenizerConfig: object;
}

/**
 * @param dtype null takes the first that is there, fp32 before others
 * @throws VeerError MODEL_NOT_FOUND, MODEL_FILE_MISSING, MODEL_CONFIG_INVALID,
 *   MODEL_FAMILY_UNSUPPORTED, DTYPE_UNAVAILABLE
 */
export async function openModelFolder(
  directory: string,
  dtype: Dtype | null,
): Promise<ModelFolder> {
  const files = await listFiles(directory);
  const read = <T extends z.ZodType>(file: string, schema: T) =>
    readJsonFile(join(directory, file), schema, CONFIG_ERRORS);
  const config = await read(CONFIG_FILE, configSchema);
  if (!isFamily(config.model_type)) {
    throw new VeerError(
      'MODEL_FAMILY_UNSUPPORTED',
      `${basename(directory)} is a "${config.model_type}" model. Whisper and T5 models can be used.`,
    );
  }
  const chosen = dtype ?? availableDtypes(files)[0] ?? 'fp32';
  const graphs = graphFiles(chosen);
  const graphMissing = [graphs.encoder, graphs.decoder].find((file) => !files.has(file));
  if (graphMissing !== undefined) {
    const available = availableDtypes(files);
    if (dtype !== null && available.length > 0) {
      throw new VeerError(
        'DTYPE_UNAVAILABLE',
        `${basename(directory)} has no ${dtype} files. It has: ${available.join(', ')}.`,
      );
    }
    throw fileMissing(directory, graphMissing);
  }
  return {
    directory,
    id: basename(directory),
    family: config.model_type,
    dtype: chosen,
    encoderPath: join(directory, graphs.encoder),
    decoderPath: join(directory, graphs.decoder),
    config,
    generation: await read(GENERATION_CONFIG_FILE, generationConfigSchema),
    tokenizer: await read(TOKENIZER_FILE, z.looseObject({})),
    tokenizerConfig: await read(TOKENIZER_CONFIG_FILE, z.looseObject({})),
  };
}

/** Error codes for the configs of a model folder. */
export const CONFIG_ERRORS = {
  missing: 'MODEL_FILE_MISSING',
  invalid: 'MODEL_CONFIG_INVALID',
} as const;

function fileMissing(directory: string, file: string): VeerError {
  return new VeerError(
    'MODEL_FILE_MISSING',
    `The model folder ${directory} has no ${file}. Copy the whole folder again.`,
  );
}

/** Files of the folder and of its `onnx` folder, with `/`. */
async function listFiles(directory: string): Promise<ReadonlySet<string>> {
  const isDirectory = await stat(directory).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (!isDirectory) {
    throw new VeerError(
      'MODEL_NOT_FOUND',
      `There is no model folder ${directory}. "veer models" lists the models that are there.`,
    );
  }
  const files = await readdir(directory);
  const graphs = await readdir(join(directory, 'onnx')).catch(() => []);
  return new Set([...files, ...graphs.map((file) => `onnx/${file}`)]);
}
