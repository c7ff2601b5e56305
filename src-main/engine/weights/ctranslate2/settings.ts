/** Scalars of `model.bin`, and what `config.json` beside it says; in old files the former say all. */

import { z } from 'zod';
import { VeerError } from '../../../contract/errors.ts';
import { damaged, quoted } from '../byte-source.ts';
import { readNumbers } from '../decode-values.ts';
import type { ModelFile } from './model-file.ts';

/** From this version on the settings are in `config.json`. */
const SETTINGS_IN_JSON = 6;
/** From this revision of the transformer on, `encoder/` and `decoder/` have their own scalars. */
const SCALARS_BELOW_STACKS = 5;
const TOP_SCALARS = [
  'num_heads',
  'pre_norm',
  'activation',
  'embeddings_merge',
  'alignment_layer',
  'alignment_heads',
];
/** Models from before revision 3 are of one of two sizes; the heads go by the name. */
const HEADS_OF_OLD_SPECS: Readonly<Record<string, number>> = {
  '': 8,
  TransformerBase: 8,
  TransformerBig: 16,
};
const LONGEST_TOKEN = 1024;

/** How the caller has to begin and end what a translator reads and writes. */
export interface TokenSettings {
  readonly unkToken: string;
  readonly bosToken: string;
  readonly eosToken: string;
  /** The first token that the decoder is given; null where the caller chooses it (a target language). */
  readonly decoderStartToken: string | null;
  /** The file's own runtime puts these around the text; where they are false the caller's tokens have them. */
  readonly addSourceBos: boolean;
  readonly addSourceEos: boolean;
}

const Ids = z.array(z.number().int().min(0)).max(1_000_000);

/** The fields of CTranslate2's `config.json` that are read; others are ignored, as its loader does. */
const Config = z.object({
  unk_token: z.string().nullish(),
  bos_token: z.string().nullish(),
  eos_token: z.string().nullish(),
  decoder_start_token: z.string().nullish(),
  add_source_bos: z.boolean().nullish(),
  add_source_eos: z.boolean().nullish(),
  layer_norm_epsilon: z.number().positive().nullish(),
  quantization_type: z.number().nullish(),
  suppress_ids: Ids.nullish(),
  suppress_ids_begin: Ids.nullish(),
  lang_ids: Ids.nullish(),
  alignment_heads: z
    .array(z.tuple([z.number().int().min(0), z.number().int().min(0)]))
    .max(100_000)
    .nullish(),
});
export type Ctranslate2Config = z.infer<typeof Config>;

/**
 * @param text of `config.json`; null where there is none
 * @throws VeerError MODEL_CONFIG_INVALID naming the field, MODEL_FAMILY_UNSUPPORTED for AWQ's weights
 */
export function parseConfig(text: string | null): Ctranslate2Config {
  let value: unknown = {};
  try {
    if (text !== null) value = JSON.parse(text);
  } catch (cause) {
    throw invalid('it is not valid JSON', cause);
  }
  const parsed = Config.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(`${issue?.path.join('.') || 'its content'}: ${issue?.message}`);
  }
  if ((parsed.data.quantization_type ?? 0) !== 0) {
    throw new VeerError(
      'MODEL_FAMILY_UNSUPPORTED',
      'The model has AWQ weights, which cannot be read. Convert it without them.',
    );
  }
  return parsed.data;
}

function invalid(detail: string, cause?: unknown): VeerError {
  return new VeerError(
    'MODEL_CONFIG_INVALID',
    `The config.json beside model.bin cannot be used: ${detail}. Copy the file again from where it came from.`,
    { cause },
  );
}

/**
 * Numbers without axes by name: flags, heads, activations. Those that old files have at the top are under both
 * stacks, as in new ones.
 *
 * @throws VeerError MODEL_FILE_DAMAGED for a number that is none
 */
export async function readScalars(file: ModelFile): Promise<ReadonlyMap<string, number>> {
  const scalars = new Map<string, number>();
  for (const [name, variable] of file.variables) {
    if (variable.shape.length > 0 || name.endsWith('weight_scale')) continue;
    const [value = Number.NaN] = await readNumbers(file.source, variable.type, variable.offset, 1);
    if (!Number.isFinite(value)) throw damaged(file.source.name, `${quoted(name)} is ${value}`);
    scalars.set(name, value);
  }
  const heads = HEADS_OF_OLD_SPECS[file.spec];
  if (heads !== undefined && !scalars.has('num_heads')) scalars.set('num_heads', heads);
  if (file.spec === 'WhisperSpec' || file.revision >= SCALARS_BELOW_STACKS) return scalars;
  for (const name of TOP_SCALARS) {
    const value = scalars.get(name);
    if (value === undefined) continue;
    scalars.delete(name);
    for (const stack of ['encoder', 'decoder']) scalars.set(`${stack}/${name}`, value);
  }
  return scalars;
}

/** The tokens of a translator, from where the file's version keeps them. */
export async function readTokenSettings(
  file: ModelFile,
  scalars: ReadonlyMap<string, number>,
  config: Ctranslate2Config,
): Promise<TokenSettings> {
  if (file.binaryVersion >= SETTINGS_IN_JSON) {
    const bosToken = config.bos_token ?? '<s>';
    return {
      unkToken: config.unk_token ?? '<unk>',
      bosToken,
      eosToken: config.eos_token ?? '</s>',
      decoderStartToken:
        config.decoder_start_token === undefined ? bosToken : config.decoder_start_token,
      addSourceBos: config.add_source_bos ?? false,
      addSourceEos: config.add_source_eos ?? false,
    };
  }
  const flag = (name: string, otherwise: boolean): boolean => {
    const value = scalars.get(name);
    return value === undefined ? otherwise : value !== 0;
  };
  const bosToken = await readText(file, 'bos_token', '<s>');
  const eosToken = await readText(file, 'eos_token', '</s>');
  const start = flag('with_target_bos', true) ? bosToken : eosToken;
  return {
    unkToken: await readText(file, 'unk_token', '<unk>'),
    bosToken,
    eosToken,
    decoderStartToken: flag('user_decoder_start_tokens', false) ? null : start,
    addSourceBos: flag('with_source_bos', false),
    addSourceEos: flag('with_source_eos', false),
  };
}

/** Variables of old files that are settings, not weights. */
export const SETTING_VARIABLES: readonly string[] = ['unk_token', 'bos_token', 'eos_token'];

async function readText(file: ModelFile, name: string, otherwise: string): Promise<string> {
  const variable = file.variables.get(name);
  if (variable === undefined) return otherwise;
  if (variable.type !== 'int8' || variable.elements > LONGEST_TOKEN) {
    throw damaged(file.source.name, `${quoted(name)} is no text`);
  }
  return (await file.source.read(variable.offset, variable.elements)).toString('utf8');
}
