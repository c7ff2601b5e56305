/**
 * AdamW: Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101), in the
 * order of operations of PyTorch's `torch.optim.AdamW`. Works in place.
 */

export interface AdamWOptions {
  readonly weightDecay: number;
}

const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/** Running means, one number per weight. */
export interface AdamWState {
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** Steps made. */
  steps: number;
}

export function newAdamWState(size: number): AdamWState {
  return { first: new Float32Array(size), second: new Float32Array(size), steps: 0 };
}

/** One step; changes `weights` and `state`. */
export function adamWStep(
  weights: Float32Array,
  gradient: Float32Array,
  state: AdamWState,
  learningRate: number,
  { weightDecay }: AdamWOptions,
): void {
  state.steps += 1;
  const { first, second, steps } = state;
  const size = learningRate / (1 - BETA_1 ** steps);
  const root = Math.sqrt(1 - BETA_2 ** steps);
  const decay = 1 - learningRate * weightDecay;
  for (let i = 0; i < weights.length; i++) {
    const slope = gradient[i] ?? 0;
    const m = BETA_1 * (first[i] ?? 0) + (1 - BETA_1) * slope;
    const v = BETA_2 * (second[i] ?? 0) + (1 - BETA_2) * slope * slope;
    first[i] = m;
    second[i] = v;
    weights[i] = decay * (weights[i] ?? 0) - (size * m) / (Math.sqrt(v) / root + EPSILON);
  }
}

/** Scales a gradient down to at most this norm. @returns the norm it had */
export function clipGradient(gradient: Float32Array, largest: number): number {
  let squares = 0;
  for (const value of gradient) squares += value * value;
  const norm = Math.sqrt(squares);
  if (norm > largest) {
    const factor = largest / norm;
    for (let i = 0; i < gradient.length; i++) gradient[i] = factor * (gradient[i] ?? 0);
  }
  return norm;
}
