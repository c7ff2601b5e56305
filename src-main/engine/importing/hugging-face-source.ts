/** Checkpoints of Hugging Face: safetensors, in one file or several, with their configs beside them. */

import { basename, join } from 'node:path';
import {
  ARCHITECTURES,
  CONFIG_FILE,
  GENERATION_CONFIG_FILE,
  PREPROCESSOR_CONFIG_FILE,
  PROCESSOR_CONFIG_FILE,
} from '../../contract/model-layout.ts';
import { generationOfConfig } from '../../model-folder/derive-generation.ts';
import { readPreprocessor } from '../../model-folder/read-folder.ts';
import { openSafetensors, openShardedSafetensors } from '../weights/safetensors.ts';
import type { RecognisedSource } from './recognise-source.ts';
import { carriedFiles, type Fields, readFields, type SourceModel } from './source-model.ts';
import { readTokenizerFiles } from './tokenizer-files.ts';
import { UNSTATED, whisperFields } from './whisper-fields.ts';

const PREPROCESSOR_FILES = [PREPROCESSOR_CONFIG_FILE, PROCESSOR_CONFIG_FILE];

/** @throws VeerError MODEL_FILE_MISSING, MODEL_CONFIG_INVALID, MODEL_FILE_DAMAGED, TOKENIZER_MISMATCH */
export async function readHuggingFaceSource(source: RecognisedSource): Promise<SourceModel> {
  const { directory, files, weights: file = null } = source;
  const names = new Set(files.keys());
  const config = withFamily(await readFields(join(directory, CONFIG_FILE)));
  const tokenizer = await readTokenizerFiles(directory, names, config);
  const whisper = config['model_type'] === 'whisper';
  const stated = names.has(GENERATION_CONFIG_FILE)
    ? await readFields(join(directory, GENERATION_CONFIG_FILE))
    : null;
  const hearing = PREPROCESSOR_FILES.some((name) => names.has(name));
  const derived = whisper ? whisperFields(config, tokenizer, UNSTATED, basename(directory)) : null;
  const preprocessor =
    whisper && hearing ? (await readPreprocessor({ directory, files })).fields : null;
  const path = join(directory, file ?? 'model.safetensors');
  const sharded = path.endsWith('.json');
  const shards = [...names].filter((name) => /-\d{5}-of-\d{5}\.safetensors$/.test(name)).sort();
  return {
    format: 'safetensors',
    config,
    generation: stated ?? derived?.generation ?? generationOfConfig(config),
    preprocessor: preprocessor ?? derived?.preprocessor ?? null,
    tokenizer: tokenizer.tokenizer,
    tokenizerConfig: tokenizer.config,
    weights: await (sharded ? openShardedSafetensors(path) : openSafetensors(path)),
    weightFiles: sharded ? shards.map((name) => join(directory, name)) : [path],
    carried: carriedFiles(directory, names),
    notes: [
      ...(stated === null ? [`${GENERATION_CONFIG_FILE} was derived from the other files.`] : []),
      ...(whisper && !hearing ? ['preprocessor_config.json was derived from config.json.'] : []),
      ...(tokenizer.note === null ? [] : [tokenizer.note]),
    ],
  };
}

/** `model_type` from the class that is named, where it is not stated. */
function withFamily(config: Fields): Fields {
  const { architectures } = config;
  if (typeof config['model_type'] === 'string' || !Array.isArray(architectures)) return config;
  const family = ARCHITECTURES.get(String(architectures[0]));
  return family === undefined ? config : { ...config, model_type: family };
}
