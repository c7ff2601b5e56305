/**
 * The layers of BART, as `transformers` names their weights. Marian, M2M100, NLLB, mBART and Whisper have the
 * same ones: with the norm before or after each part, and with other activations.
 *
 * Between layers values are rows [B · L, D]: a position is a row, whatever its batch.
 */

import type { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import type { Value } from '../../onnx/graph-builder/value.ts';
import {
  crossAttention,
  decoderAttention,
  encoderAttention,
  type Heads,
} from '../../onnx/layers/attention.ts';
import type { MatrixFormat } from '../../onnx/layers/matrix.ts';
import type { Norm } from '../../onnx/layers/norms.ts';
import { fused, relu, reshaped, split, sum, transposed } from '../../onnx/layers/operators.ts';
import type { BatchShape } from './batch-shape.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Part, throughParts } from './residual-parts.ts';

export type Activation = 'gelu' | 'relu' | 'swish';

export interface Stack {
  readonly g: GraphBuilder;
  readonly checkpoint: Checkpoint;
  readonly format: MatrixFormat;
  /** `model.encoder` or `model.decoder`. */
  readonly name: string;
  readonly layers: number;
  /** D */
  readonly size: number;
  readonly heads: number;
  readonly feedForward: number;
  readonly normBefore: boolean;
  readonly activation: Activation;
  readonly epsilon: number;
  /** There is one more norm behind the last layer. */
  readonly normAfterAll: boolean;
}

interface NamedPart {
  /** Of its norm. */
  readonly norm: string;
  readonly run: (read: Value) => Part;
}

/** @returns [B · T, D] @param mask int32 [B, T], or null */
export function encoderLayers(
  stack: Stack,
  x: Value,
  shape: BatchShape,
  mask: Value | null,
): Value {
  const parts: NamedPart[] = [];
  for (let layer = 0; layer < stack.layers; layer++) {
    const name = `${stack.name}.layers.${layer}`;
    parts.push(
      {
        norm: `${name}.self_attn_layer_norm`,
        run: (read) => {
          const attention = `${name}.self_attn`;
          const { bias, projections } = selfProjections(stack, attention, read, shape);
          const output = encoderAttention(stack.g, projections, headsOf(stack), {
            bias,
            mask,
            scores: null,
          });
          return closing(stack, `${attention}.out_proj`, shape.inRows(output), stack.size);
        },
      },
      feedForwardPart(stack, name),
    );
  }
  return through(stack, x, parts);
}

export interface CrossCache {
  /** [B, H, T, size] */
  readonly keys: Value;
  readonly values: Value;
}

export interface DecodedLayers {
  /** [B · L, D] */
  readonly hidden: Value;
  /** Of every layer, [B, H, P + L, size]. */
  readonly caches: readonly { readonly keys: Value; readonly values: Value }[];
  /** Of every layer, [B, H, L, T]. */
  readonly crossWeights: readonly Value[];
}

/** @param crossMask [B, 1, 1, T], added to scores; null where all positions may be looked at */
export function decoderLayers(
  stack: Stack,
  x: Value,
  shape: BatchShape,
  {
    past,
    cross,
    crossMask,
  }: {
    readonly past: readonly (readonly [keys: Value, values: Value])[];
    readonly cross: readonly CrossCache[];
    readonly crossMask: Value | null;
  },
): DecodedLayers {
  const { g, size, format, checkpoint } = stack;
  const caches: { keys: Value; values: Value }[] = [];
  const crossWeights: Value[] = [];
  const parts: NamedPart[] = [];
  for (const [layer, own] of past.entries()) {
    const name = `${stack.name}.layers.${layer}`;
    const given = cross[layer];
    if (given === undefined) throw new Error(`Layer ${layer} has no cross-attention.`);
    parts.push(
      {
        norm: `${name}.self_attn_layer_norm`,
        run: (read) => {
          const attention = `${name}.self_attn`;
          const { bias, projections } = selfProjections(stack, attention, read, shape);
          const { output, keys, values } = decoderAttention(g, projections, headsOf(stack), {
            bias,
            past: own,
            scores: null,
          });
          caches.push({ keys, values });
          return closing(stack, `${attention}.out_proj`, shape.inRows(output), size);
        },
      },
      {
        norm: `${name}.encoder_attn_layer_norm`,
        run: (read) => {
          const attention = `${name}.encoder_attn`;
          const matrix = checkpoint.matrix([`${attention}.q_proj.weight`], size, size);
          const bare = format.product(g, format.ready(g, read), matrix);
          const query = sum(g, bare, checkpoint.vector(g, [`${attention}.q_proj.bias`], size));
          const { output, weights } = crossAttention(
            g,
            { ...given, query: shape.inBatch(query), mask: crossMask, rows: shape.withWidth(size) },
            headsOf(stack),
          );
          crossWeights.push(weights);
          return closing(stack, `${attention}.out_proj`, shape.inRows(output), size);
        },
      },
      feedForwardPart(stack, name),
    );
  }
  return { hidden: through(stack, x, parts), caches, crossWeights };
}

/**
 * Keys and values that the cross-attention of every layer reads.
 *
 * @param encoded [B · T, D]
 */
export function crossCaches(
  stack: Stack,
  encoded: Value,
  shape: BatchShape,
): readonly CrossCache[] {
  const { g, size, format, checkpoint, heads } = stack;
  const ready = format.ready(g, encoded);
  const apart = (x: Value) => {
    const rows = shape.inBatch(x);
    const [batch = 'batch', length = 'length'] = rows.shape;
    const each = [batch, length, heads, size / heads];
    return transposed(g, reshaped(g, rows, [0, 0, heads, size / heads], each), [0, 2, 1, 3]);
  };
  const projected = (name: string) => {
    const bare = format.product(g, ready, checkpoint.matrix([`${name}.weight`], size, size));
    const bias = `${name}.bias`;
    return checkpoint.has(bias) ? sum(g, bare, checkpoint.vector(g, [bias], size)) : bare;
  };
  return Array.from({ length: stack.layers }, (_, layer) => {
    const name = `${stack.name}.layers.${layer}.encoder_attn`;
    return { keys: apart(projected(`${name}.k_proj`)), values: apart(projected(`${name}.v_proj`)) };
  });
}

export function normOf({ g, checkpoint, size, epsilon }: Stack, name: string): Norm {
  return {
    weight: checkpoint.vector(g, [`${name}.weight`], size),
    bias: checkpoint.vector(g, [`${name}.bias`], size),
    epsilon,
  };
}

function through(stack: Stack, x: Value, parts: readonly NamedPart[]): Value {
  const { g, normBefore, name } = stack;
  const afterAll = stack.normAfterAll ? normOf(stack, `${name}.layer_norm`) : null;
  const own = parts.map(({ norm, run }) => ({ norm: normOf(stack, norm), run }));
  return throughParts(g, x, own, { normBefore, afterAll });
}

function headsOf({ heads, size }: Stack): Heads {
  return { heads, size: size / heads, scale: (size / heads) ** -0.5 };
}

function selfProjections(
  { g, format, checkpoint, size }: Stack,
  attention: string,
  read: Value,
  shape: BatchShape,
) {
  const names = ['q_proj', 'k_proj', 'v_proj'].map((name) => `${attention}.${name}`);
  const weights = names.map((name) => `${name}.weight`);
  const matrix = checkpoint.matrix(weights, size, size);
  const packed = shape.inBatch(format.product(g, format.ready(g, read), matrix));
  const [query, key, value] = split(g, packed, 3);
  if (!query || !key || !value) throw new Error('There are three projections.');
  // Whisper's keys have no bias.
  const keyBias = `${attention}.k_proj.bias`;
  const bias = checkpoint.vector(
    g,
    [
      `${attention}.q_proj.bias`,
      checkpoint.has(keyBias) ? keyBias : null,
      `${attention}.v_proj.bias`,
    ],
    size,
  );
  return { bias, projections: [query, key, value] as const };
}

/** The linear layer that ends a part. */
function closing(
  { g, format, checkpoint, size }: Stack,
  name: string,
  x: Value,
  width: number,
): Part {
  const matrix = checkpoint.matrix([`${name}.weight`], size, width);
  return {
    output: format.product(g, format.ready(g, x), matrix),
    bias: checkpoint.vector(g, [`${name}.bias`], size),
  };
}

function feedForwardPart(stack: Stack, layer: string): NamedPart {
  const { g, format, checkpoint, size, feedForward, activation } = stack;
  return {
    norm: `${layer}.final_layer_norm`,
    run: (read) => {
      const matrix = checkpoint.matrix([`${layer}.fc1.weight`], feedForward, size);
      const wide = format.product(g, format.ready(g, read), matrix);
      const bias = checkpoint.vector(g, [`${layer}.fc1.bias`], feedForward);
      return closing(stack, `${layer}.fc2`, activated(g, wide, bias, activation), feedForward);
    },
  };
}

function activated(g: GraphBuilder, x: Value, bias: Value, activation: Activation): Value {
  switch (activation) {
    case 'gelu':
      return fused(g, 'BiasGelu', [x, bias], x.shape);
    case 'relu':
      return relu(g, sum(g, x, bias));
    case 'swish':
      return fused(g, 'QuickGelu', [sum(g, x, bias)], x.shape, { alpha: { float: 1 } });
  }
}
