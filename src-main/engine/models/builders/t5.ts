/**
 * T5 (Raffel et al. 2020, arXiv 1910.10683; weights as `transformers` names them): v1.0, v1.1, Flan-T5, mT5,
 * MADLAD-400. Norms without a mean before each part, no biases, scores that are not scaled, and a bias for the
 * distance of two positions, the same in all layers.
 */

import { z } from 'zod';
import { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import type { Value } from '../../onnx/graph-builder/value.ts';
import {
  crossAttention,
  decoderAttention,
  encoderAttention,
  type Heads,
} from '../../onnx/layers/attention.ts';
import type { MatrixSource } from '../../onnx/layers/matrix.ts';
import type { Norm } from '../../onnx/layers/norms.ts';
import { fused, relu, reshaped, split, times, transposed } from '../../onnx/layers/operators.ts';
import { BatchShape } from './batch-shape.ts';
import { cacheOutputs, stepInputs } from './decoder-ports.ts';
import { type DistanceBias, distanceScores } from './distance-bias.ts';
import { type GraphSet, graphSet } from './graph-files.ts';
import { fieldsOf, layerCount, type Plan } from './plan.ts';
import { type Part, throughParts } from './residual-parts.ts';
import { crossMask, encoderInputs } from './text-ports.ts';

const schema = z.looseObject({
  d_model: z.int().positive(),
  d_kv: z.int().positive(),
  d_ff: z.int().positive(),
  num_heads: z.int().positive(),
  num_layers: layerCount,
  num_decoder_layers: layerCount.nullish(),
  vocab_size: z.int().positive(),
  relative_attention_num_buckets: z.int().positive().default(32),
  relative_attention_max_distance: z.int().positive().default(128),
  feed_forward_proj: z.enum(['relu', 'gated-gelu', 'gated-silu']).default('relu'),
  layer_norm_epsilon: z.number().positive().default(1e-6),
  /** Since transformers 5; where it is not said, shared tables are scaled and others are not. */
  scale_decoder_outputs: z.boolean().nullish(),
});
type Config = z.infer<typeof schema>;
type Side = 'encoder' | 'decoder';

interface Layers extends Plan {
  readonly g: GraphBuilder;
  readonly config: Config;
  readonly side: Side;
  readonly shape: BatchShape;
  readonly heads: Heads;
  /** H · size, which need not be D. */
  readonly inner: number;
}

const TABLE = 'shared.weight';
const OUTPUT = 'lm_head.weight';

/** @throws VeerError MODEL_CONFIG_INVALID, MODEL_FILE_DAMAGED */
export function t5Graphs(plan: Plan, fields: object): readonly GraphSet[] {
  const config = fieldsOf(fields, schema);
  plan.checkpoint.pass('encoder.embed_tokens.weight', 'decoder.embed_tokens.weight');
  // Of old checkpoints: nothing reads it.
  plan.checkpoint.pass('decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight');
  return [encoder(plan, config), cross(plan, config), step(plan, config)];
}

function encoder(plan: Plan, config: Config): GraphSet {
  const g = new GraphBuilder();
  const { ids, mask } = encoderInputs(g);
  const shape = new BatchShape(g, ids);
  const layers = layersOf(g, plan, config, 'encoder', shape);
  const x = shape.inRows(plan.format.lookUp(g, table(plan, config), ids, false));
  const scores = distanceScores(g, plan.checkpoint, biasOf(config, 'encoder'), ids, null);
  const parts = Array.from({ length: config.num_layers }, (_, layer) => [
    attentionPart(layers, layer, (projections) =>
      encoderAttention(g, projections, layers.heads, { bias: null, mask, scores }),
    ),
    feedForwardPart(layers, layer, 1),
  ]).flat();
  const hidden = throughParts(g, x, parts, {
    normBefore: true,
    afterAll: normOf(layers, 'encoder.final_layer_norm'),
  });
  return graphSet(g, { [plan.names.encoder]: { last_hidden_state: shape.inBatch(hidden) } });
}

function cross(plan: Plan, config: Config): GraphSet {
  const g = new GraphBuilder();
  const encoded = g.input('encoder_hidden_states', 'real', ['batch', 'positions', config.d_model]);
  const shape = new BatchShape(g, encoded);
  const { format, checkpoint } = plan;
  const { heads, inner } = layersOf(g, plan, config, 'decoder', shape);
  const ready = format.ready(g, shape.inRows(encoded));
  const projected = (name: string) => {
    const matrix = checkpoint.matrix([name], inner, config.d_model);
    const rows = shape.inBatch(format.product(g, ready, matrix));
    const each = ['batch', 'positions', heads.heads, heads.size];
    return transposed(g, reshaped(g, rows, [0, 0, heads.heads, heads.size], each), [0, 2, 1, 3]);
  };
  const caches = Array.from({ length: decoderLayersOf(config) }, (_, layer) => {
    const name = `decoder.block.${layer}.layer.1.EncDecAttention`;
    return { keys: projected(`${name}.k.weight`), values: projected(`${name}.v.weight`) };
  });
  return graphSet(g, { [plan.names.cross]: cacheOutputs('encoder', caches) });
}

function step(plan: Plan, config: Config): GraphSet {
  const g = new GraphBuilder();
  const { checkpoint, format, names } = plan;
  const count = decoderLayersOf(config);
  const { ids, past, cross } = stepInputs(g, {
    layers: count,
    heads: config.num_heads,
    headSize: config.d_kv,
  });
  const shape = new BatchShape(g, ids);
  const layers = layersOf(g, plan, config, 'decoder', shape);
  const tied = !checkpoint.has(OUTPUT);
  const x = shape.inRows(format.lookUp(g, table(plan, config), ids, tied));
  const scores = distanceScores(
    g,
    checkpoint,
    biasOf(config, 'decoder'),
    ids,
    past[0]?.[0] ?? null,
  );
  const mask = crossMask(g);
  const caches: { keys: Value; values: Value }[] = [];
  const parts = past.flatMap((own, layer) => {
    const [keys, values] = cross[layer] ?? own;
    return [
      attentionPart(layers, layer, (projections) => {
        const attended = decoderAttention(g, projections, layers.heads, {
          bias: null,
          past: own,
          scores,
        });
        caches.push({ keys: attended.keys, values: attended.values });
        return attended.output;
      }),
      crossPart(layers, layer, { keys, values, mask }),
      feedForwardPart(layers, layer, 2),
    ];
  });
  const hidden = throughParts(g, x, parts, {
    normBefore: true,
    afterAll: normOf(layers, 'decoder.final_layer_norm'),
  });
  const scaled =
    (config.scale_decoder_outputs ?? tied)
      ? times(g, hidden, g.real(config.d_model ** -0.5))
      : hidden;
  const output = tied
    ? table(plan, config)
    : checkpoint.matrix([OUTPUT], config.vocab_size, config.d_model);
  const logits = format.vocabulary(g, format.ready(g, scaled), output);
  return graphSet(g, {
    [names.step]: { logits: shape.inBatch(logits), ...cacheOutputs('decoder', caches) },
  });
}

function table({ checkpoint }: Plan, config: Config): MatrixSource {
  return checkpoint.matrix([TABLE], config.vocab_size, config.d_model);
}

function decoderLayersOf({ num_decoder_layers, num_layers }: Config): number {
  return num_decoder_layers ?? num_layers;
}

function biasOf(config: Config, side: Side): DistanceBias {
  return {
    name: `${side}.block.0.layer.0.SelfAttention.relative_attention_bias.weight`,
    heads: config.num_heads,
    buckets: config.relative_attention_num_buckets,
    furthest: config.relative_attention_max_distance,
    bothWays: side === 'encoder',
  };
}

function layersOf(
  g: GraphBuilder,
  plan: Plan,
  config: Config,
  side: Side,
  shape: BatchShape,
): Layers {
  const heads = { heads: config.num_heads, size: config.d_kv, scale: 1 };
  return { ...plan, g, config, side, shape, heads, inner: heads.heads * heads.size };
}

function normOf({ g, checkpoint, config }: Layers, name: string): Norm {
  return {
    weight: checkpoint.vector(g, [`${name}.weight`], config.d_model),
    bias: null,
    epsilon: config.layer_norm_epsilon,
  };
}

interface RmsPart {
  readonly norm: Norm;
  readonly run: (read: Value) => Part;
}

function attentionPart(
  layers: Layers,
  layer: number,
  attend: (projections: readonly [Value, Value, Value]) => Value,
): RmsPart {
  const { g, format, checkpoint, config, side, shape, inner } = layers;
  const name = `${side}.block.${layer}.layer.0`;
  return {
    norm: normOf(layers, `${name}.layer_norm`),
    run: (read) => {
      const weights = ['q', 'k', 'v'].map((kind) => `${name}.SelfAttention.${kind}.weight`);
      const matrix = checkpoint.matrix(weights, inner, config.d_model);
      const packed = shape.inBatch(format.product(g, format.ready(g, read), matrix));
      const [query, key, value] = split(g, packed, 3);
      if (!query || !key || !value) throw new Error('There are three projections.');
      const attended = shape.inRows(attend([query, key, value]));
      return closing(layers, `${name}.SelfAttention.o.weight`, attended, inner);
    },
  };
}

function crossPart(
  layers: Layers,
  layer: number,
  given: { readonly keys: Value; readonly values: Value; readonly mask: Value },
): RmsPart {
  const { g, format, checkpoint, config, shape, heads, inner } = layers;
  const name = `decoder.block.${layer}.layer.1`;
  return {
    norm: normOf(layers, `${name}.layer_norm`),
    run: (read) => {
      const matrix = checkpoint.matrix([`${name}.EncDecAttention.q.weight`], inner, config.d_model);
      const query = shape.inBatch(format.product(g, format.ready(g, read), matrix));
      const { output } = crossAttention(
        g,
        { ...given, query, rows: shape.withWidth(inner) },
        heads,
      );
      return closing(layers, `${name}.EncDecAttention.o.weight`, shape.inRows(output), inner);
    },
  };
}

function feedForwardPart(layers: Layers, layer: number, at: number): RmsPart {
  const { g, format, checkpoint, config, side } = layers;
  const name = `${side}.block.${layer}.layer.${at}`;
  const dense = `${name}.DenseReluDense`;
  const isGated = config.feed_forward_proj !== 'relu';
  const weights = isGated
    ? [`${dense}.wi_0.weight`, `${dense}.wi_1.weight`]
    : [`${dense}.wi.weight`];
  return {
    norm: normOf(layers, `${name}.layer_norm`),
    run: (read) => {
      const matrix = checkpoint.matrix(weights, config.d_ff, config.d_model);
      const wide = format.product(g, format.ready(g, read), matrix);
      const [gate, value] = isGated ? split(g, wide, 2) : [wide];
      if (!gate) throw new Error('A gate was split off.');
      const active = activated(g, gate, config);
      const passed = value ? times(g, active, value) : active;
      return closing(layers, `${dense}.wo.weight`, passed, config.d_ff);
    },
  };
}

/** The tanh form of GELU, as `transformers` has it for T5 (`gelu_new`). */
function activated(g: GraphBuilder, x: Value, { feed_forward_proj }: Config): Value {
  switch (feed_forward_proj) {
    case 'relu':
      return relu(g, x);
    case 'gated-gelu':
      return fused(g, 'FastGelu', [x], x.shape);
    case 'gated-silu':
      return fused(g, 'QuickGelu', [x], x.shape, { alpha: { float: 1 } });
  }
}

function closing(
  { g, format, checkpoint, config }: Layers,
  name: string,
  x: Value,
  width: number,
): Part {
  const matrix = checkpoint.matrix([name], config.d_model, width);
  return { output: format.product(g, format.ready(g, x), matrix), bias: null };
}
