/** CTranslate2's TransformerSpec without T5's positions, as a checkpoint of the BART shape. */

import { damaged } from '../byte-source.ts';
import { sinusoid } from '../sinusoid.ts';
import {
  activationName,
  attentionHeads,
  bothStacks,
  type ConfigFields,
  type StackName,
  scalesEmbeddings,
} from './config-fields.ts';
import type { ModelFile } from './model-file.ts';
import type { WeightPlacer } from './place-weights.ts';
import { bartStacks } from './places.ts';
import type { TokenSettings } from './settings.ts';
import { unsupported } from './unsupported.ts';

const STACKS: readonly StackName[] = ['encoder', 'decoder'];
/** Rows made where the file stores no positions; CTranslate2 makes as many as are asked for. */
const MADE_POSITIONS = 1024;
/** Languages as M2M100 (`__en__`) and NLLB (`eng_Latn`) write them. */
const LANGUAGE_TOKEN = /^(__[a-z]{2,3}__|[a-z]{3}_[A-Z][a-z]{3})$/;
const FEWEST_LANGUAGES = 4;

/**
 * Places all weights.
 *
 * @param vocabulary of the target; null where it is not known
 * @returns the fields of config.json that follow from the file
 */
export function placeTransformer(
  file: ModelFile,
  scalars: ReadonlyMap<string, number>,
  placer: WeightPlacer,
  settings: {
    readonly tokens: TokenSettings;
    readonly vocabulary: readonly string[] | null;
    readonly epsilon: number | null;
  },
): ConfigFields {
  const shared = placeEmbeddings(placer);
  const [encoderLayers = 0, decoderLayers = 0] = bartStacks(false).map((s) => placer.stack(s));
  const width = placer.size('d_model');
  if (width < 4 || width % 2 !== 0) throw damaged(file.source.name, `its width is ${width}`);
  const positions = STACKS.map((stack) => placePositions(placer, stack, width));
  for (const stack of STACKS) {
    for (const name of ['layernorm_embedding', 'layer_norm']) {
      const from = `${stack}/${name}`;
      if (!placer.has(`${from}/gamma`)) continue;
      placer.places([
        { kind: 'norm', from, to: `model.${from.replace('/', '.')}`, size: 'd_model' },
      ]);
    }
  }
  const targetSize = shared ? 'vocab_size' : 'decoder_vocab_size';
  const tied = placeOutput(placer, targetSize);
  const activation = activationName(file, scalars);
  const scaled = STACKS.map((stack) => scalesEmbeddings(file, scalars, stack, width));
  if (scaled[0] !== scaled[1]) throw unsupported(file, 'scaled embeddings on one side only');
  for (const name of scalars.keys()) {
    if (/\/(queries_scale|scale_outputs)$/.test(name) && scalars.get(name) !== 1) {
      throw unsupported(file, 'scaled queries or outputs');
    }
  }
  const preNorm = bothStacks(file, scalars, 'pre_norm', 1) !== 0;
  const fromZero = (scalars.get('decoder/start_from_zero_embedding') ?? 0) !== 0;
  const embeddingNorm = placer.has('encoder/layernorm_embedding/gamma');
  const { model, architecture } = familyOf(
    { preNorm, fromZero, embeddingNorm },
    activation,
    settings,
  );
  const vocabulary = placer.size('vocab_size');
  const target = placer.size(targetSize);
  return {
    model_type: model,
    architectures: [architecture],
    d_model: width,
    encoder_layers: encoderLayers,
    decoder_layers: decoderLayers,
    encoder_attention_heads: attentionHeads(file, scalars, 'encoder', width),
    decoder_attention_heads: attentionHeads(file, scalars, 'decoder', width),
    encoder_ffn_dim: placer.size('encoder_ffn_dim'),
    decoder_ffn_dim: placer.size('decoder_ffn_dim'),
    activation_function: activation,
    scale_embedding: scaled[0] ?? true,
    normalize_before: preNorm,
    normalize_embedding: embeddingNorm,
    static_position_embeddings: model === 'marian' || model === 'm2m_100',
    max_position_embeddings: Math.min(...positions),
    vocab_size: vocabulary,
    decoder_vocab_size: target,
    share_encoder_decoder_embeddings: shared,
    tie_word_embeddings: tied,
    decoder_start_from_zero: fromZero,
    layer_norm_eps: settings.epsilon ?? 1e-5,
    is_encoder_decoder: true,
  };
}

/** One table for both sides, or two. */
function placeEmbeddings(placer: WeightPlacer): boolean {
  const names = ['encoder/embeddings_0/weight', 'encoder/embeddings/weight'];
  const source = names.find((name) => placer.has(name)) ?? 'encoder/embeddings_0/weight';
  const target = 'decoder/embeddings/weight';
  if (placer.same(source, target)) {
    placer.table(source, 'model.shared.weight', ['vocab_size', 'd_model']);
    return true;
  }
  placer.table(source, 'model.encoder.embed_tokens.weight', ['vocab_size', 'd_model']);
  placer.table(target, 'model.decoder.embed_tokens.weight', ['decoder_vocab_size', 'd_model']);
  return false;
}

/** The rows there are. */
function placePositions(placer: WeightPlacer, stack: StackName, width: number): number {
  const from = `${stack}/position_encodings/encodings`;
  const to = `model.${stack}.embed_positions.weight`;
  const rows = `${stack}_positions`;
  if (placer.has(from)) {
    placer.table(from, to, [rows, 'd_model']);
    return placer.size(rows);
  }
  placer.make(sinusoid(to, MADE_POSITIONS, width, 1));
  return MADE_POSITIONS;
}

function placeOutput(placer: WeightPlacer, size: string): boolean {
  const weight = 'decoder/projection/weight';
  const tied = placer.same(weight, 'decoder/embeddings/weight');
  if (!tied) placer.table(weight, 'lm_head.weight', [size, 'd_model']);
  if (placer.has('decoder/projection/bias')) {
    placer.row('decoder/projection/bias', 'final_logits_bias', size);
  }
  return tied;
}

/** How the layers are put together, which tells the families apart that CTranslate2 does not name. */
interface Shape {
  readonly preNorm: boolean;
  readonly fromZero: boolean;
  readonly embeddingNorm: boolean;
}

function familyOf(
  { preNorm, fromZero, embeddingNorm }: Shape,
  activation: string,
  settings: { readonly tokens: TokenSettings; readonly vocabulary: readonly string[] | null },
): { readonly model: string; readonly architecture: string } {
  if (fromZero) return MARIAN;
  if (embeddingNorm) return preNorm ? MBART : BART;
  const manyLanguages = preNorm && activation === 'relu' && knowsLanguages(settings);
  return manyLanguages ? M2M100 : MARIAN;
}

const MARIAN = { model: 'marian', architecture: 'MarianMTModel' } as const;
const BART = { model: 'bart', architecture: 'BartForConditionalGeneration' } as const;
const MBART = { model: 'mbart', architecture: 'MBartForConditionalGeneration' } as const;
const M2M100 = { model: 'm2m_100', architecture: 'M2M100ForConditionalGeneration' } as const;

/** Without a vocabulary, M2M100 and NLLB are known by their decoder's start at the end token. */
function knowsLanguages({
  tokens,
  vocabulary,
}: {
  readonly tokens: TokenSettings;
  readonly vocabulary: readonly string[] | null;
}): boolean {
  if (vocabulary === null) {
    return tokens.decoderStartToken === tokens.eosToken && !tokens.addSourceEos;
  }
  let languages = 0;
  for (const token of vocabulary) if (LANGUAGE_TOKEN.test(token)) languages++;
  return languages >= FEWEST_LANGUAGES;
}
