/**
 * Whisper (Radford et al. 2022, arXiv 2212.04356; layers as in `transformers`, modeling_whisper.py): the
 * graphs of an encoder of audio and a decoder of text, both with the norm before each part. B windows, T
 * positions of the encoder, L tokens, D hidden size.
 */

import { z } from 'zod';
import { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import type { Value } from '../../onnx/graph-builder/value.ts';
import { convolution, fused, sum, transposed } from '../../onnx/layers/operators.ts';
import { decoderLayers, encoderLayers, type Stack } from './bart-layers.ts';
import { BatchShape } from './batch-shape.ts';
import { crossGraph } from './cross-graph.ts';
import { alignmentOutputs, cacheOutputs, positionsAfter, stepInputs } from './decoder-ports.ts';
import { type GraphSet, graphSet } from './graph-files.ts';
import { fieldsOf, HEADS_DIVIDE, headsDivide, type Plan, stackFields } from './plan.ts';

const schema = z
  .looseObject({
    ...stackFields,
    num_mel_bins: z.int().positive(),
    max_source_positions: z.int().positive(),
    max_target_positions: z.int().positive(),
    activation_function: z.literal('gelu').default('gelu'),
  })
  .refine(headsDivide, HEADS_DIVIDE);
type Config = z.infer<typeof schema>;

const TABLE = 'model.decoder.embed_tokens.weight';
const EPSILON = 1e-5;

/** @throws VeerError MODEL_CONFIG_INVALID, MODEL_FILE_DAMAGED */
export function whisperGraphs(plan: Plan, fields: object): readonly GraphSet[] {
  const config = fieldsOf(fields, schema);
  // Hugging Face's checkpoints may have the table under both names.
  plan.checkpoint.pass('proj_out.weight');
  const cross = crossGraph(plan, (g) => stackOf(g, plan, config, 'decoder'));
  return [encoder(plan, config), cross, step(plan, config)];
}

function encoder({ checkpoint, format, names }: Plan, config: Config): GraphSet {
  const g = new GraphBuilder();
  const { d_model: size, num_mel_bins: bands, max_source_positions: positions } = config;
  const features = g.input('input_features', 'real', ['batch', bands, 2 * positions]);
  const convolved = (x: Value, name: string, channels: number, stride: number) => {
    const weight = checkpoint.tensor(g, `${name}.weight`, [size, channels, 3], format.others);
    const bias = checkpoint.vector(g, [`${name}.bias`], size);
    const shape = ['batch', size, (2 * positions) / stride];
    const attributes = { strides: [stride], pads: [1, 1] };
    return fused(g, 'Gelu', [convolution(g, x, [weight, bias], attributes, shape)], shape);
  };
  const once = convolved(features, 'model.encoder.conv1', bands, 1);
  const heard = transposed(g, convolved(once, 'model.encoder.conv2', size, 2), [0, 2, 1]);
  const table = checkpoint.tensor(
    g,
    'model.encoder.embed_positions.weight',
    [positions, size],
    format.others,
  );
  const shape = new BatchShape(g, heard);
  const stack = stackOf(g, { checkpoint, format }, config, 'encoder');
  const hidden = encoderLayers(stack, shape.inRows(sum(g, heard, table)), shape, null);
  return graphSet(g, { [names.encoder]: { last_hidden_state: shape.inBatch(hidden) } });
}

function step(plan: Plan, config: Config): GraphSet {
  const g = new GraphBuilder();
  const { checkpoint, format, names } = plan;
  const { d_model: size, vocab_size: vocabulary, decoder_attention_heads: heads } = config;
  const stack = stackOf(g, plan, config, 'decoder');
  const caches = { layers: stack.layers, heads, headSize: size / heads };
  const { ids, past, cross } = stepInputs(g, caches);
  const shape = new BatchShape(g, ids);
  const table = checkpoint.matrix([TABLE], vocabulary, size);
  const positions = checkpoint.tensor(
    g,
    'model.decoder.embed_positions.weight',
    [config.max_target_positions, size],
    format.others,
  );
  const embedded = format.lookUp(g, table, ids, true);
  const x = sum(g, embedded, positionsAfter(g, positions, ids, past));
  const decoded = decoderLayers(stack, shape.inRows(x), shape, {
    past,
    cross: cross.map(([keys, values]) => ({ keys, values })),
    crossMask: null,
  });
  const logits = format.vocabulary(g, format.ready(g, decoded.hidden), table);
  return graphSet(g, {
    [names.step]: { logits: shape.inBatch(logits), ...cacheOutputs('decoder', decoded.caches) },
    [names.alignment]: alignmentOutputs(decoded.crossWeights),
  });
}

function stackOf(
  g: GraphBuilder,
  { checkpoint, format }: Pick<Plan, 'checkpoint' | 'format'>,
  config: Config,
  side: 'encoder' | 'decoder',
): Stack {
  return {
    g,
    checkpoint,
    format,
    name: `model.${side}`,
    layers: config[`${side}_layers`],
    size: config.d_model,
    heads: config[`${side}_attention_heads`],
    feedForward: config[`${side}_ffn_dim`],
    normBefore: true,
    activation: 'gelu',
    epsilon: EPSILON,
    normAfterAll: true,
  };
}
