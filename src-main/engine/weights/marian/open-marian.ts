/** Models as Marian writes them, `.npz` and binary, as checkpoints of Hugging Face. */

import { VeerError } from '../../../contract/errors.ts';
import { type ByteSource, damaged, openBytes } from '../byte-source.ts';
import { sinusoid } from '../sinusoid.ts';
import type { WeightTable } from '../weight-table.ts';
import { readBinaryItems } from './binary-items.ts';
import type { MarianFile } from './marian-items.ts';
import { type MarianSettings, parseModelYml } from './model-yml.ts';
import { readNpzItems } from './npz-items.ts';
import { ItemPlacer } from './place-items.ts';
import { DECODER_LAYER, ENCODER_LAYER } from './places.ts';

export interface MarianCheckpoint {
  readonly weights: WeightTable;
  /** The fields of a Hugging Face config.json that follow from the file; no token ids. */
  readonly config: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/** Rows of the positions that are made; Marian makes as many as are asked for. */
const MADE_POSITIONS = 1024;
const MOST_LAYERS = 256;
/** Marian's GELU is x · σ(1.702 x). */
const ACTIVATIONS: Readonly<Record<string, string>> = {
  relu: 'relu',
  swish: 'silu',
  gelu: 'quick_gelu',
};

/**
 * Opens a `.npz` with `special:model.yml` in it. What whoever builds a model from it must know:
 * - Matrices are [out, in], as in Hugging Face's; the names of a decoder of recurrent units, which
 *   `config.decoder_cell: 'ssru'` says, are in `places.ts`.
 * - `decoder_start_from_zero`: the decoder's first input is a zero vector in place of an embedding. There is no row
 *   for `<pad>`.
 * - Positions begin at row 0 and are Marian's own, which differ a little from those that `transformers` makes for
 *   its Marian; the norms' ε is Marian's 1e-6, too.
 * - `lm_head.weight` is left out where it is the decoder's embedding.
 *
 * @param model its path, or its bytes, which are closed with the weights
 * @throws VeerError MODEL_FILE_MISSING, MODEL_FORMAT_UNSUPPORTED, MODEL_FILE_DAMAGED, MODEL_CONFIG_INVALID, or
 *   MODEL_FAMILY_UNSUPPORTED naming what cannot be run
 */
export function openMarianNpz(model: string | ByteSource): Promise<MarianCheckpoint> {
  return open(model, readNpzItems);
}

/** Opens a binary file, float32 or intgemm8 (Firefox's `model.*.intgemm.alphas.bin`); else as `openMarianNpz`. */
export function openMarianBinary(model: string | ByteSource): Promise<MarianCheckpoint> {
  return open(model, readBinaryItems);
}

async function open(
  model: string | ByteSource,
  read: (source: ByteSource) => Promise<MarianFile>,
): Promise<MarianCheckpoint> {
  const source = typeof model === 'string' ? await openBytes(model) : model;
  try {
    return checkpoint(await read(source));
  } catch (error) {
    await source.close();
    throw error;
  }
}

function checkpoint(file: MarianFile): MarianCheckpoint {
  const settings = parseModelYml(file.yml);
  const option = (name: string, otherwise: string): string => settings.get(name) ?? otherwise;
  const cell = cellOf(file, settings);
  const preNorm = normsBefore(file, settings);
  if (preNorm && cell === 'rnn') throw unsupported(file, 'norms before recurrent units');
  const activation = ACTIVATIONS[option('transformer-ffn-activation', 'swish')];
  if (activation === undefined) throw unsupported(file, 'an unknown activation');
  const width = count(file, settings, 'dim-emb', 65_536);
  const heads = count(file, settings, 'transformer-heads', width);
  if (width < 4 || width % 2 !== 0 || width % heads !== 0) {
    throw invalid(file, `dim-emb is ${width} for ${heads} transformer-heads`);
  }
  const encoderLayers = count(file, settings, 'enc-depth', MOST_LAYERS);
  const decoderLayers = count(file, settings, 'dec-depth', MOST_LAYERS);

  const placer = new ItemPlacer(file, width);
  const shared = placer.has('Wemb');
  const vocabulary = placer.table(
    shared ? 'Wemb' : 'encoder_Wemb',
    shared ? 'model.shared.weight' : 'model.encoder.embed_tokens.weight',
  );
  const target = shared
    ? vocabulary
    : placer.table('decoder_Wemb', 'model.decoder.embed_tokens.weight');
  for (let i = 0; i < encoderLayers; i++) {
    placer.places(ENCODER_LAYER, `encoder_l${i + 1}`, `model.encoder.layers.${i}`);
  }
  for (let i = 0; i < decoderLayers; i++) {
    placer.places(DECODER_LAYER[cell], `decoder_l${i + 1}`, `model.decoder.layers.${i}`);
  }
  const embeddingNorm = placeNorms(placer);
  const tied = placeOutput(placer, target);
  for (const stack of ['encoder', 'decoder']) {
    placer.make(sinusoid(`model.${stack}.embed_positions.weight`, MADE_POSITIONS, width, 0));
  }
  placer.finish();
  const { weights } = placer;
  return {
    weights: { weights, close: () => file.close() },
    config: {
      model_type: 'marian',
      architectures: ['MarianMTModel'],
      ...(cell === 'rnn' ? { decoder_cell: 'ssru' } : {}),
      d_model: width,
      encoder_layers: encoderLayers,
      decoder_layers: decoderLayers,
      encoder_attention_heads: heads,
      decoder_attention_heads: heads,
      encoder_ffn_dim: weights.get('model.encoder.layers.0.fc1.weight')?.shape[0] ?? 0,
      decoder_ffn_dim: weights.get('model.decoder.layers.0.fc1.weight')?.shape[0] ?? 0,
      activation_function: activation,
      scale_embedding: true,
      normalize_before: preNorm,
      normalize_embedding: embeddingNorm,
      static_position_embeddings: true,
      max_position_embeddings: MADE_POSITIONS,
      vocab_size: vocabulary,
      decoder_vocab_size: target,
      share_encoder_decoder_embeddings: shared,
      tie_word_embeddings: tied,
      decoder_start_from_zero: true,
      layer_norm_eps: 1e-6,
      is_encoder_decoder: true,
    },
  };
}

/** Norms of the embeddings and of a stack's output, where there are any. */
function placeNorms(placer: ItemPlacer): boolean {
  for (const stack of ['encoder', 'decoder']) {
    if (placer.has(`${stack}_top_ln_scale`)) {
      placer.norm(`${stack}_top`, `model.${stack}.layer_norm`);
    }
    if (placer.has(`${stack}_emb_ln_scale_pre`)) {
      placer.norm(`${stack}_emb`, `model.${stack}.layernorm_embedding`);
    }
  }
  return placer.has('encoder_emb_ln_scale_pre');
}

/** The output is the target's embedding, or a table or matrix of its own. */
function placeOutput(placer: ItemPlacer, target: number): boolean {
  const output = 'decoder_ff_logit_out';
  if (placer.has(`${output}_b`)) placer.row(`${output}_b`, 'final_logits_bias', target);
  if (placer.has(`${output}_Wt`)) placer.table(`${output}_Wt`, 'lm_head.weight');
  else if (placer.has(`${output}_W`)) placer.output(`${output}_W`, 'lm_head.weight');
  else return true;
  return false;
}

function cellOf(file: MarianFile, settings: MarianSettings): keyof typeof DECODER_LAYER {
  if (settings.get('type') !== 'transformer') {
    throw unsupported(file, `the type ${settings.get('type')}`);
  }
  const decoder = settings.get('transformer-decoder-autoreg') ?? 'self-attention';
  if (decoder === 'self-attention') return 'self-attention';
  if (decoder === 'rnn' && settings.get('dec-cell') === 'ssru') return 'rnn';
  throw unsupported(file, `a decoder of ${decoder} ${settings.get('dec-cell') ?? ''}`.trimEnd());
}

/** The two orders of norm and residual connection that CTranslate2 knows, too. */
function normsBefore(file: MarianFile, settings: MarianSettings): boolean {
  const of = (name: string): string => settings.get(`transformer-${name}`) ?? '';
  if (of('train-positions') === 'true') throw unsupported(file, 'trained positions');
  if (of('no-projection') === 'true') throw unsupported(file, 'attention without a projection');
  if (!['', 'd', 'n', 'nd'].includes(of('postprocess-emb'))) {
    throw unsupported(file, `transformer-postprocess-emb ${of('postprocess-emb')}`);
  }
  // d is dropout, which is for training only
  const order = ['preprocess', 'postprocess', 'postprocess-top'].map((name) =>
    of(name).replaceAll('d', ''),
  );
  if (order.join('/') === '/an/') return false;
  if (order.join('/') === 'n/a/n') return true;
  throw unsupported(file, `the order of norms ${order.join('/')}`);
}

function count(file: MarianFile, settings: MarianSettings, name: string, most: number): number {
  const value = Number(settings.get(name));
  if (Number.isInteger(value) && value > 0 && value <= most) return value;
  throw invalid(file, `${name} is ${settings.get(name) ?? 'missing'}`);
}

function invalid(file: MarianFile, reason: string): VeerError {
  return damaged(file.name, `in its settings ${reason}`);
}

/** @param what a noun phrase: `trained positions` */
function unsupported(file: MarianFile, what: string): VeerError {
  return new VeerError(
    'MODEL_FAMILY_UNSUPPORTED',
    `${file.name} is of a kind that cannot be run here: it has ${what.slice(0, 120)}. Use a transformer of Marian ` +
      'whose decoder has self-attention or simple recurrent units.',
  );
}
