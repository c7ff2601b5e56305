/**
 * BART (Lewis et al. 2019, arXiv 1910.13461) and what has its layers: Marian, mBART, M2M100, NLLB, and the
 * translators of OpenNMT, which come as Marian with the norm before each part. They differ in where norms
 * stand, in their positions and in their tables of tokens.
 */

import { z } from 'zod';
import { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import type { Value } from '../../onnx/graph-builder/value.ts';
import type { MatrixSource } from '../../onnx/layers/matrix.ts';
import { normalised } from '../../onnx/layers/norms.ts';
import { sum, times } from '../../onnx/layers/operators.ts';
import {
  type Activation,
  decoderLayers,
  encoderLayers,
  normOf,
  type Stack,
} from './bart-layers.ts';
import { BatchShape } from './batch-shape.ts';
import { crossGraph } from './cross-graph.ts';
import { cacheOutputs, positionsAfter, stepInputs } from './decoder-ports.ts';
import { type GraphSet, graphSet } from './graph-files.ts';
import { fieldsOf, HEADS_DIVIDE, headsDivide, type Plan, stackFields } from './plan.ts';
import { FAIRSEQ_SINES, MARIAN_SINES, positionTable, type Sines } from './positions.ts';
import { crossMask, encoderInputs } from './text-ports.ts';

const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  gelu: 'gelu',
  relu: 'relu',
  swish: 'swish',
  silu: 'swish',
};

const schema = z
  .looseObject({
    model_type: z.enum(['marian', 'bart', 'mbart', 'm2m_100']),
    ...stackFields,
    max_position_embeddings: z.int().positive(),
    activation_function: z.enum(['gelu', 'relu', 'swish', 'silu']),
    scale_embedding: z.boolean().default(false),
    normalize_before: z.boolean().nullish(),
    layer_norm_eps: z.number().positive().default(1e-5),
    /** CTranslate2 and Marian have no token that starts a decoder, only zeros: the last id stands for them. */
    decoder_start_from_zero: z.boolean().default(false),
  })
  .refine(headsDivide, HEADS_DIVIDE);
type Config = z.infer<typeof schema>;
type Side = 'encoder' | 'decoder';

const SHARED = 'model.shared.weight';
const SINES: Readonly<Record<Config['model_type'], Sines | null>> = {
  marian: MARIAN_SINES,
  m2m_100: FAIRSEQ_SINES,
  bart: null,
  mbart: null,
};

/** @throws VeerError MODEL_CONFIG_INVALID, MODEL_FILE_DAMAGED */
export function bartGraphs(plan: Plan, fields: object): readonly GraphSet[] {
  const config = fieldsOf(fields, schema);
  const { checkpoint } = plan;
  if (checkpoint.has(SHARED)) checkpoint.pass(tableName('encoder'), tableName('decoder'));
  const cross = crossGraph(plan, (g) => stackOf(g, plan, config, 'decoder'));
  return [encoder(plan, config), cross, step(plan, config)];
}

function encoder(plan: Plan, config: Config): GraphSet {
  const g = new GraphBuilder();
  const { ids, mask } = encoderInputs(g);
  const shape = new BatchShape(g, ids);
  const stack = stackOf(g, plan, config, 'encoder');
  const positions = positionsOf(g, plan, config, 'encoder');
  // As many as the text has, from the first on.
  const table = positionsAfter(g, positions, ids, null);
  const x = embedded(stack, config, ids, table, shape);
  const hidden = encoderLayers(stack, x, shape, mask);
  return graphSet(g, { [plan.names.encoder]: { last_hidden_state: shape.inBatch(hidden) } });
}

function step(plan: Plan, config: Config): GraphSet {
  const g = new GraphBuilder();
  const { checkpoint, format, names } = plan;
  const { d_model: size, decoder_attention_heads: heads } = config;
  const stack = stackOf(g, plan, config, 'decoder');
  const caches = { layers: stack.layers, heads, headSize: size / heads };
  const { ids, past, cross } = stepInputs(g, caches);
  const shape = new BatchShape(g, ids);
  const table = positionsAfter(g, positionsOf(g, plan, config, 'decoder'), ids, past);
  const decoded = decoderLayers(stack, embedded(stack, config, ids, table, shape), shape, {
    past,
    cross: cross.map(([keys, values]) => ({ keys, values })),
    crossMask: crossMask(g),
  });
  const bare = format.vocabulary(g, format.ready(g, decoded.hidden), outputTable(plan, config));
  // Zeros where a checkpoint has none; M2M100 never has.
  const logits =
    config.model_type === 'm2m_100'
      ? bare
      : sum(g, bare, checkpoint.vectorUpTo(g, 'final_logits_bias', config.vocab_size));
  return graphSet(g, {
    [names.step]: { logits: shape.inBatch(logits), ...cacheOutputs('decoder', decoded.caches) },
  });
}

/** Tokens as the first layer reads them, [B · L, D]. */
function embedded(
  stack: Stack,
  config: Config,
  ids: Value,
  positions: Value,
  shape: BatchShape,
): Value {
  const { g, checkpoint, format, name, size } = stack;
  const side = name === 'model.encoder' ? 'encoder' : 'decoder';
  const plan = { checkpoint, format };
  const isVocabulary =
    side === 'decoder' && outputTable(plan, config).name === inputTable(plan, config, side).name;
  const tokens = format.lookUp(g, inputTable(plan, config, side), ids, isVocabulary);
  const scaled = config.scale_embedding ? times(g, tokens, g.real(Math.sqrt(size))) : tokens;
  const x = shape.inRows(sum(g, scaled, positions));
  const norm = `${name}.layernorm_embedding`;
  return checkpoint.has(`${norm}.weight`) ? normalised(g, x, normOf(stack, norm)) : x;
}

function tableName(side: Side): string {
  return `model.${side}.embed_tokens.weight`;
}

type Weights = Pick<Plan, 'checkpoint'>;

function inputTable({ checkpoint }: Weights, config: Config, side: Side): MatrixSource {
  return tokenTable(checkpoint, config, checkpoint.has(SHARED) ? SHARED : tableName(side));
}

/** The table of the decoder's tokens, where the vocabulary has none of its own. */
function outputTable({ checkpoint }: Weights, config: Config): MatrixSource {
  const own = 'lm_head.weight';
  return checkpoint.has(own)
    ? tokenTable(checkpoint, config, own)
    : inputTable({ checkpoint }, config, 'decoder');
}

function tokenTable(checkpoint: Plan['checkpoint'], config: Config, name: string): MatrixSource {
  const { vocab_size: vocabulary, d_model: size } = config;
  return lacksStart(checkpoint, config, name)
    ? withRowOfZeros(checkpoint.matrix([name], vocabulary - 1, size))
    : checkpoint.matrix([name], vocabulary, size);
}

function lacksStart(checkpoint: Plan['checkpoint'], config: Config, name: string): boolean {
  return config.decoder_start_from_zero && checkpoint.shape(name)[0] === config.vocab_size - 1;
}

function withRowOfZeros(table: MatrixSource): MatrixSource {
  const { rows, columns } = table;
  return {
    ...table,
    rows: rows + 1,
    readRows: async (from, to) => {
      if (to <= rows) return table.readRows(from, to);
      const out = new Float32Array((to - from) * columns);
      if (from < rows) out.set(await table.readRows(from, rows));
      return out;
    },
  };
}

function positionsOf(g: GraphBuilder, { checkpoint }: Weights, config: Config, side: Side): Value {
  return positionTable(g, checkpoint, `model.${side}.embed_positions.weight`, {
    positions: config.max_position_embeddings,
    size: config.d_model,
    sines: SINES[config.model_type],
  });
}

function stackOf(
  g: GraphBuilder,
  { checkpoint, format }: Pick<Plan, 'checkpoint' | 'format'>,
  config: Config,
  side: Side,
): Stack {
  const name = `model.${side}`;
  const type = config.model_type;
  return {
    g,
    checkpoint,
    format,
    name,
    layers: config[`${side}_layers`],
    size: config.d_model,
    heads: config[`${side}_attention_heads`],
    feedForward: config[`${side}_ffn_dim`],
    // Of these two transformers has no choice, and config.json none to state.
    normBefore:
      type === 'mbart' ||
      type === 'm2m_100' ||
      (type === 'marian' && config.normalize_before === true),
    activation: ACTIVATIONS[config.activation_function] ?? 'relu',
    epsilon: config.layer_norm_eps,
    normAfterAll: checkpoint.has(`${name}.layer_norm.weight`),
  };
}
