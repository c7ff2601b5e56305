/**
 * Opening a model folder for the engine: which graphs are to be loaded, and what the configs say.
 * Nothing is loaded into ONNX Runtime here.
 */

import { join } from 'node:path';
import { z } from 'zod';
import type { Weights } from '../../contract/devices.ts';
import { decoderDtype, encoderDtype, weightsOf } from '../../contract/dtype-pairs.ts';
import { VeerError } from '../../contract/errors.ts';
import {
  CONFIG_FILE,
  type DecoderFiles,
  decoderGraphs,
  externalData,
  findGraphs,
  GENERATION_CONFIG_FILE,
  mapDecoder,
} from '../../contract/model-layout.ts';
import {
  CONFIG_ERRORS,
  type FolderDescription,
  readFolder,
  readGeneration,
  readTokenizer,
  readTokenizerConfig,
} from '../../model-folder/read-folder.ts';
import { checkFields } from '../files/json-file.ts';

const tokenIds = z.union([z.int(), z.array(z.int()).nonempty()]).transform((ids) => [ids].flat());

const generationConfigSchema = z.looseObject({
  decoder_start_token_id: z.int(),
  eos_token_id: tokenIds,
  pad_token_id: z.int(),
  // Hugging Face's own default is 20 tokens, which would cut off nearly every sentence.
  max_length: z.int().positive().default(512),
  max_new_tokens: z.int().positive().nullish(),
  min_length: z.int().nonnegative().nullish(),
  min_new_tokens: z.int().nonnegative().nullish(),
  repetition_penalty: z.number().positive().nullish(),
  no_repeat_ngram_size: z.int().nonnegative().nullish(),
  bad_words_ids: z.array(z.array(z.int()).nonempty()).nullish(),
  renormalize_logits: z.boolean().nullish(),
  forced_bos_token_id: z.int().nullish(),
  forced_eos_token_id: tokenIds.nullish(),
  suppress_tokens: z.array(z.int()).nullish(),
  begin_suppress_tokens: z.array(z.int()).nullish(),
});
export type GenerationConfig = z.infer<typeof generationConfigSchema>;

export interface ModelFolder
  extends Pick<FolderDescription, 'directory' | 'id' | 'family' | 'config' | 'files'> {
  readonly dtype: Weights;
  readonly encoderPath: string;
  /** Files of weights beside the encoder. */
  readonly encoderData: readonly string[];
  readonly decoder: DecoderFiles;
  readonly decoderData: readonly string[];
  readonly generation: GenerationConfig;
  readonly tokenizer: object;
  readonly tokenizerConfig: Readonly<Record<string, unknown>>;
}

/**
 * @param asked null takes the first that is there, fp32 before others
 * @throws VeerError MODEL_NOT_FOUND, MODEL_FILE_MISSING, MODEL_FILE_DAMAGED, MODEL_CONFIG_INVALID,
 *   MODEL_FAMILY_UNSUPPORTED, MODEL_FORMAT_UNSUPPORTED, DTYPE_UNAVAILABLE
 */
export async function openModelFolder(path: string, asked: Weights | null): Promise<ModelFolder> {
  const folder = await readFolder(path);
  const { directory, id, family, config, files, dtypes } = folder;
  const names = new Set(files.keys());
  const wanted = asked ?? dtypes[0] ?? 'fp32';
  const graphs = findGraphs(names, wanted);
  if (graphs === null) {
    throw new VeerError(
      'DTYPE_UNAVAILABLE',
      `${id} has no ${wanted} files. It has: ${dtypes.join(', ')}.`,
    );
  }
  const inFolder = (name: string) => join(directory, name);
  const dataOf = (graph: string) => externalData(names, graph).map(inFolder);
  return {
    directory,
    id,
    family,
    config,
    files,
    dtype: weightsOf(encoderDtype(wanted), decoderDtype(wanted)),
    encoderPath: inFolder(graphs.encoder),
    encoderData: dataOf(graphs.encoder),
    decoder: mapDecoder(graphs.decoder, inFolder),
    decoderData: decoderGraphs(graphs.decoder).flatMap(dataOf),
    generation: checkFields(
      await readGeneration(folder),
      generationConfigSchema,
      join(directory, GENERATION_CONFIG_FILE),
      CONFIG_ERRORS,
    ),
    tokenizer: await readTokenizer(folder),
    tokenizerConfig: await readTokenizerConfig(folder),
  };
}

/** The fields of config.json that a family needs. @throws VeerError MODEL_CONFIG_INVALID */
export function checkConfig<T extends z.ZodType>(
  { directory, config }: Pick<ModelFolder, 'directory' | 'config'>,
  schema: T,
): z.infer<T> {
  return checkFields(config, schema, join(directory, CONFIG_FILE), CONFIG_ERRORS);
}
