/**
 * Opening a model folder: which files must be there, and what its configs say. Nothing is loaded
 * into ONNX Runtime here. Field names are those of Hugging Face's configs.
 */

import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { decoderDtype, encoderDtype, type Weights, weightsOf } from '../../contract/devices.ts';
import { VeerError } from '../../contract/errors.ts';
import {
  availableDtypes,
  CONFIG_FILE,
  type DecoderFiles,
  decoderGraphs,
  externalData,
  type Family,
  familyUnsupported,
  findGraphs,
  GENERATION_CONFIG_FILE,
  isFamily,
  mapDecoder,
  missingGraph,
  TOKENIZER_CONFIG_FILE,
  TOKENIZER_FILE,
} from '../../contract/model-layout.ts';
import { checkFields, readJsonFile } from '../files/json-file.ts';

const tokenIds = z.union([z.int(), z.array(z.int()).nonempty()]).transform((ids) => [ids].flat());

const configSchema = z.looseObject({
  model_type: z.string(),
});

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

export interface ModelFolder {
  readonly directory: string;
  /** Name of the folder. */
  readonly id: string;
  readonly family: Family;
  readonly dtype: Weights;
  readonly encoderPath: string;
  /** Files of weights beside the encoder. */
  readonly encoderData: readonly string[];
  readonly decoder: DecoderFiles;
  readonly decoderData: readonly string[];
  /** config.json with the fields every family has checked; families check their own. */
  readonly config: z.infer<typeof configSchema>;
  readonly generation: GenerationConfig;
  readonly tokenizer: object;
  readonly tokenizerConfig: Readonly<Record<string, unknown>>;
}

/**
 * @param dtype null takes the first that is there, fp32 before others
 * @throws VeerError MODEL_NOT_FOUND, MODEL_FILE_MISSING, MODEL_CONFIG_INVALID,
 *   MODEL_FAMILY_UNSUPPORTED, DTYPE_UNAVAILABLE
 */
export async function openModelFolder(
  directory: string,
  dtype: Weights | null,
): Promise<ModelFolder> {
  const files = await listFiles(directory);
  const read = <T extends z.ZodType>(file: string, schema: T) =>
    readJsonFile(join(directory, file), schema, CONFIG_ERRORS);
  const config = await read(CONFIG_FILE, configSchema);
  if (!isFamily(config.model_type)) {
    throw familyUnsupported(basename(directory), config.model_type);
  }
  const asked = dtype ?? availableDtypes(files)[0] ?? 'fp32';
  const chosen = weightsOf(encoderDtype(asked), decoderDtype(asked));
  const graphs = findGraphs(files, chosen);
  if (graphs === null) {
    const available = availableDtypes(files);
    if (dtype !== null && available.length > 0) {
      throw new VeerError(
        'DTYPE_UNAVAILABLE',
        `${basename(directory)} has no ${dtype} files. It has: ${available.join(', ')}.`,
      );
    }
    throw fileMissing(directory, missingGraph(files));
  }
  const paths = (names: readonly string[]) => names.map((name) => join(directory, name));
  return {
    directory,
    id: basename(directory),
    family: config.model_type,
    dtype: chosen,
    encoderPath: join(directory, graphs.encoder),
    encoderData: paths(externalData(files, graphs.encoder)),
    decoder: mapDecoder(graphs.decoder, (name) => join(directory, name)),
    decoderData: paths(
      decoderGraphs(graphs.decoder).flatMap((graph) => externalData(files, graph)),
    ),
    config,
    generation: await readGeneration(directory, config),
    tokenizer: await read(TOKENIZER_FILE, z.looseObject({})),
    tokenizerConfig: await read(TOKENIZER_CONFIG_FILE, z.looseObject({})),
  };
}

/** Token ids that older folders state in config.json only. */
const INHERITED = [
  'decoder_start_token_id',
  'eos_token_id',
  'pad_token_id',
  'bos_token_id',
] as const;

async function readGeneration(
  directory: string,
  config: ModelFolder['config'],
): Promise<GenerationConfig> {
  const path = join(directory, GENERATION_CONFIG_FILE);
  const own = await readJsonFile(path, z.looseObject({}), CONFIG_ERRORS);
  const ids = Object.fromEntries(INHERITED.map((name) => [name, own[name] ?? config[name]]));
  const start = ids['decoder_start_token_id'] ?? ids['bos_token_id'];
  const whole = { ...own, ...ids, decoder_start_token_id: start };
  return checkFields(whole, generationConfigSchema, path, CONFIG_ERRORS);
}

/** The fields of config.json that a family needs. @throws VeerError MODEL_CONFIG_INVALID */
export function checkConfig<T extends z.ZodType>(
  { directory, config }: Pick<ModelFolder, 'directory' | 'config'>,
  schema: T,
): z.infer<T> {
  return checkFields(config, schema, join(directory, CONFIG_FILE), CONFIG_ERRORS);
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
