/**
 * CTranslate2 folders (faster-whisper, Argos, converted Marian, NLLB, T5, OpenNMT models) as checkpoints of
 * Hugging Face.
 */

import { type ByteSource, openBytes } from '../byte-source.ts';
import type { WeightTable } from '../weight-table.ts';
import type { ConfigFields } from './config-fields.ts';
import { type ModelFile, readModelFile } from './model-file.ts';
import { WeightPlacer } from './place-weights.ts';
import { withSharedTables } from './same-tables.ts';
import {
  type Ctranslate2Config,
  parseConfig,
  readScalars,
  readTokenSettings,
  SETTING_VARIABLES,
  type TokenSettings,
} from './settings.ts';
import { isT5, placeT5 } from './t5.ts';
import { placeTransformer } from './transformer.ts';
import { refuseUnsupported, unsupported } from './unsupported.ts';
import { placeWhisper } from './whisper.ts';

export interface Ctranslate2Checkpoint {
  readonly weights: WeightTable;
  /** The fields of a Hugging Face config.json that follow from the file; no token ids. */
  readonly config: ConfigFields;
  readonly spec: {
    readonly name: string;
    readonly revision: number;
    readonly binaryVersion: number;
  };
  /** Of translators; null for Whisper. */
  readonly tokens: TokenSettings | null;
  /** Of Whisper; null for translators. */
  readonly whisper: WhisperGeneration | null;
}

/** Fields of Whisper's generation_config.json, under the names that CTranslate2 has for them. */
interface WhisperGeneration {
  readonly suppressIds: readonly number[];
  readonly suppressIdsBegin: readonly number[];
  /** Ids of the languages in the order of the vocabulary; none in English-only models. */
  readonly langIds: readonly number[];
  /** Layer and head of the decoder. */
  readonly alignmentHeads: readonly (readonly [number, number])[];
}

/** Vocabularies from this size on are multilingual (51,864 is the one of the English models). */
const MULTILINGUAL_VOCABULARY = 51_865;

const TRANSFORMER_SPECS = ['TransformerSpec', 'TransformerBase', 'TransformerBig'];

/**
 * Opens `model.bin`. Nothing but names and shapes is read yet; quantised rows are multiplied out when they are
 * asked for.
 *
 * What whoever builds a model from it must know:
 * - Row p of `embed_positions.weight` is position p of the text, from 0 on: CTranslate2 has taken off the
 *   offsets that BART, mBART and M2M100 have in their own checkpoints (2 rows). Sinusoids are stored.
 * - `decoder_start_from_zero` in the config: the decoder's first input is a zero vector instead of a token's
 *   embedding, scaled or not; the position is added to it. Marian's `<pad>` row, which Hugging Face has for
 *   this at the end of its tables, is not in the file, nor in `final_logits_bias` or the vocabulary.
 * - `model.shared.weight` stands for both embeddings; `lm_head.weight`, or Whisper's `proj_out.weight`, is left
 *   out where it is the decoder's embedding.
 * - Linear layers of the BART shape that have no bias in the file have zeros; Whisper's key projections and T5
 *   have none. `final_logits_bias` [1, vocabulary] is there only where the file has one.
 * - `model_type` is `marian` for everything of the BART shape that is not recognised as another family
 *   (OpenNMT, Argos, Pegasus); `normalize_before` says where the norms are.
 *
 * @param model its path, or its bytes, which are closed with the weights
 * @param configJson text of the `config.json` beside it; null where there is none
 * @param vocabulary of the target side, which tells M2M100 and NLLB from OpenNMT; null where it is not known
 * @throws VeerError MODEL_FILE_MISSING, MODEL_FORMAT_UNSUPPORTED, MODEL_FILE_DAMAGED, MODEL_CONFIG_INVALID, or
 *   MODEL_FAMILY_UNSUPPORTED naming what cannot be run
 */
export async function openCtranslate2(
  model: string | ByteSource,
  configJson: string | null,
  vocabulary: readonly string[] | null = null,
): Promise<Ctranslate2Checkpoint> {
  const config = parseConfig(configJson);
  const source = typeof model === 'string' ? await openBytes(model) : model;
  try {
    const file = await withSharedTables(await readModelFile(source));
    return await checkpoint(file, config, vocabulary);
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function checkpoint(
  file: ModelFile,
  config: Ctranslate2Config,
  vocabulary: readonly string[] | null,
): Promise<Ctranslate2Checkpoint> {
  const scalars = await readScalars(file);
  refuseUnsupported(file, scalars);
  const placer = new WeightPlacer(file);
  for (const name of SETTING_VARIABLES) if (placer.has(name)) placer.drop(name);
  const { spec: name, revision, binaryVersion } = file;
  const common = { spec: { name, revision, binaryVersion } };
  const epsilon = config.layer_norm_epsilon ?? null;
  if (name === 'WhisperSpec') {
    const fields = placeWhisper(file, scalars, placer);
    const weights = await finished(file, placer);
    const whisper = generation(config, placer.size('vocab_size'));
    return { ...common, weights, config: fields, tokens: null, whisper };
  }
  if (!TRANSFORMER_SPECS.includes(name)) throw unsupported(file, `the layout ${name}`);
  if (revision < 2) throw unsupported(file, 'the names of the first CTranslate2');
  const tokens = await readTokenSettings(file, scalars, config);
  let fields: ConfigFields;
  if (isT5(placer)) {
    fields = placeT5(file, scalars, placer, epsilon);
  } else {
    fields = placeTransformer(file, scalars, placer, { tokens, vocabulary, epsilon });
  }
  const weights = await finished(file, placer);
  return { ...common, weights, config: fields, tokens, whisper: null };
}

async function finished({ source }: ModelFile, placer: WeightPlacer): Promise<WeightTable> {
  await placer.finish();
  return { weights: placer.weights, close: () => source.close() };
}

function generation(config: Ctranslate2Config, vocabularySize: number): WhisperGeneration {
  return {
    suppressIds: config.suppress_ids ?? [],
    suppressIdsBegin: config.suppress_ids_begin ?? [],
    langIds: vocabularySize < MULTILINGUAL_VOCABULARY ? [] : (config.lang_ids ?? []),
    alignmentHeads: config.alignment_heads ?? [],
  };
}
