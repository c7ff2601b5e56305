/** Fields of a Hugging Face config.json that are made from scalars of `model.bin`. */

import { damaged } from '../byte-source.ts';
import type { ModelFile } from './model-file.ts';
import { unsupported } from './unsupported.ts';

export type ConfigFields = Readonly<
  Record<string, string | number | boolean | null | readonly string[]>
>;

/** Names in `transformers` of CTranslate2's activations, by number (`specs/common_spec.py`). */
const ACTIVATIONS = ['relu', 'gelu_new', 'silu', 'gelu', 'quick_gelu', 'tanh', 'sigmoid'] as const;

/** What CTranslate2 takes where the file does not say. */
const USUAL_HEADS = 8;

export type StackName = 'encoder' | 'decoder';

/** @throws VeerError MODEL_FILE_DAMAGED where the heads do not divide `inner`, the width of all of them together */
export function attentionHeads(
  file: ModelFile,
  scalars: ReadonlyMap<string, number>,
  stack: StackName,
  inner: number,
): number {
  const heads = scalars.get(`${stack}/num_heads`) ?? USUAL_HEADS;
  if (!(Number.isInteger(heads) && heads > 0 && inner % heads === 0)) {
    throw damaged(
      file.source.name,
      `its ${stack} has ${heads} attention heads for ${inner} values`,
    );
  }
  return heads;
}

/** The activation of both stacks. Before the GELUs were told apart (revision 7), 1 was computed as it is now. */
export function activationName(
  file: ModelFile,
  scalars: ReadonlyMap<string, number>,
): (typeof ACTIVATIONS)[number] {
  const number = bothStacks(file, scalars, 'activation', 0);
  const name = ACTIVATIONS[number];
  if (name === undefined) throw unsupported(file, `the unknown activation ${number}`);
  return name;
}

/** A scalar that encoder and decoder must agree on. */
export function bothStacks(
  file: ModelFile,
  scalars: ReadonlyMap<string, number>,
  name: string,
  otherwise: number,
): number {
  const encoder = scalars.get(`encoder/${name}`) ?? otherwise;
  const decoder = scalars.get(`decoder/${name}`) ?? otherwise;
  if (encoder !== decoder)
    throw unsupported(file, `another ${name} in its encoder than in its decoder`);
  return encoder;
}

/**
 * Whether embeddings are multiplied by the square root of their width. The file has a switch or the factor.
 *
 * @throws VeerError MODEL_FAMILY_UNSUPPORTED for another factor
 */
export function scalesEmbeddings(
  file: ModelFile,
  scalars: ReadonlyMap<string, number>,
  stack: StackName,
  width: number,
): boolean {
  const names = [
    `${stack}/scale_embeddings`,
    `${stack}/embeddings/multiply_by_sqrt_depth`,
    `${stack}/embeddings_0/multiply_by_sqrt_depth`,
  ];
  const name = names.find((one) => scalars.has(one));
  if (name === undefined) return true;
  const value = scalars.get(name) ?? 0;
  if (file.variables.get(name)?.type === 'int8') return value !== 0;
  if (value === 1) return false;
  if (Math.abs(value / Math.sqrt(width) - 1) < 1e-3) return true;
  throw unsupported(file, `embeddings that are multiplied by ${value}`);
}
