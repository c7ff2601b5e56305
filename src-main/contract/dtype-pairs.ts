/** The dtypes of the two halves of a model. No schemas here: the screens run this too. */

import type { Dtype, Weights } from './devices.ts';

export function encoderDtype(weights: Weights): Dtype {
  return halves(weights)[0];
}

export function decoderDtype(weights: Weights): Dtype {
  const [encoder, decoder = encoder] = halves(weights);
  return decoder;
}

/** One name where both are of one dtype. */
export function weightsOf(encoder: Dtype, decoder: Dtype): Weights {
  return encoder === decoder ? encoder : `${encoder}+${decoder}`;
}

function halves(weights: Weights): [encoder: Dtype, decoder?: Dtype] {
  return weights.split('+') as [Dtype, Dtype?];
}
