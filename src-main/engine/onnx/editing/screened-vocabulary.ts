/**
 * Lets greedy search read a large vocabulary in 8 bits. A step for one row is bound by the weights that
 * it reads, and half of them are the vocabulary's. The rewritten graph computes all logits in 8 bits,
 * takes the best of them as candidates, and computes those again from the float32 table. Whoever runs it
 * can tell from its outputs whether another token could have been the best (`models/screened-choice.ts`),
 * and then asks the same graph for all logits in float32, or for the best token by these.
 *
 * Inputs are added: `ALL_LOGITS` bool [1]; `FORBIDDEN` int64 [any], ids that are no candidates and have
 * no probability, except in the logits themselves; `CHOOSE` bool [1], only with `ALL_LOGITS`. Outputs are
 * added, [B, S, candidates] where nothing else is said: `CANDIDATES` int64, `ROUGH` and `EXACT` logits,
 * `LOG_SUM` [B, S] over the rough logits, `HIDDEN` [B, S, D]. Without `ALL_LOGITS` the logits are empty,
 * with it those are. `CHOICE` int64 [B, S, 1] is the id of the largest logit, the first of equals, with
 * its `LOG_PROBABILITY` [B, S, 1]; both are empty without `CHOOSE`.
 */

import { needed } from './cached-step.ts';
import {
  BOOL,
  branch,
  FLOAT,
  INT64,
  newInitializer,
  newInput,
  newNode,
  newOpset,
  newOutput,
  UINT8,
} from './new-parts.ts';
import type { FileModel, FileNode } from './onnx-file.ts';
import { quantise } from './quantised-table.ts';
import { type VocabularyProduct, vocabularyProduct } from './vocabulary-weights.ts';
import { integersOf, readFields, textsOf } from './wire-format.ts';

export const ALL_LOGITS = 'veer_all_logits';
export const FORBIDDEN = 'veer_forbidden';
export const CHOOSE = 'veer_choose';
export const CANDIDATES = 'veer_candidates';
export const ROUGH = 'veer_rough';
export const EXACT = 'veer_exact';
export const LOG_SUM = 'veer_log_sum';
export const HIDDEN = 'veer_hidden';
export const CHOICE = 'veer_choice';
export const LOG_PROBABILITY = 'veer_log_probability';
export const SCREEN_OUTPUTS = [CANDIDATES, ROUGH, EXACT, LOG_SUM, HIDDEN] as const;
export const CHOICE_OUTPUTS = [CHOICE, LOG_PROBABILITY] as const;

/** What says how far a rough logit can be from the true one. */
export interface Screen {
  readonly largestError: number;
  readonly largestRow: number;
}

const LOGITS = 'logits';
const MICROSOFT = 'com.microsoft';
const MOST_CANDIDATES = 64;
/** Weights in 8 bits that share a scale; activations share one likewise. */
const BLOCKS = [128, 64, 32, 16];
/** Axes of Squeeze and Unsqueeze are inputs since then. */
const LEAST_OPSET = 13;
/** Activations are rounded to 8 bits too: products of whole numbers. */
const WHOLE_NUMBERS = 4;

/**
 * @param leastBytes of the float32 table: smaller ones stay in the processor's cache anyway
 * @returns null where the logits are not made as this needs it
 */
export function screenVocabulary(
  model: FileModel,
  leastBytes: number,
): { readonly model: FileModel; readonly screen: Screen } | null {
  const product = vocabularyProduct(model.graph);
  if (product === null || product.bytes.length < leastBytes) return null;
  const block = BLOCKS.find((size) => product.width % size === 0);
  const domains = operatorSets(model);
  const opset = domains.get('') ?? 0;
  if (block === undefined || opset < LEAST_OPSET) return null;
  const table = quantised(product, block);
  const { graph } = model;
  const integers = (name: string, values: readonly number[]) =>
    newInitializer(name, INT64, [values.length], bytesOf(BigInt64Array.from(values, BigInt)));
  const { vocabulary, width } = product;
  const candidates = Math.min(MOST_CANDIDATES, Math.floor(vocabulary / 4));
  const sizes = ['rows', 'positions'];
  const rewritten = {
    ...graph,
    nodes: [
      ...graph.nodes.filter((node) => !product.nodes.includes(node)),
      newNode('If', [ALL_LOGITS], [LOGITS, ...SCREEN_OUTPUTS], {
        then_branch: allLogits(product),
        else_branch: screened(product, block, opset),
      }),
      newNode('If', [CHOOSE], CHOICE_OUTPUTS, {
        then_branch: chosen(),
        else_branch: notChosen(),
      }),
    ],
    initializers: [
      ...graph.initializers,
      newInitializer('veer_table', UINT8, [vocabulary, width / block, block], table.bytes),
      newInitializer('veer_scales', FLOAT, [table.scales.length], bytesOf(table.scales)),
      newInitializer('veer_never', FLOAT, [1], bytesOf(Float32Array.of(Number.NEGATIVE_INFINITY))),
      integers('veer_count', [candidates]),
      integers('veer_one', [1]),
      integers('veer_first_axis', [0]),
      integers('veer_vocabulary_axis', [2]),
      integers('veer_last_axis', [3]),
      integers('veer_none_2', [0, 0]),
      integers('veer_none_3', [0, 0, 0]),
    ],
    inputs: [
      ...graph.inputs,
      newInput(ALL_LOGITS, BOOL, [1]),
      newInput(FORBIDDEN, INT64, ['forbidden']),
      newInput(CHOOSE, BOOL, [1]),
    ],
    outputs: [
      ...graph.outputs,
      newOutput(CANDIDATES, INT64, [...sizes, 'candidates']),
      newOutput(ROUGH, FLOAT, [...sizes, 'candidates']),
      newOutput(EXACT, FLOAT, [...sizes, 'candidates']),
      newOutput(LOG_SUM, FLOAT, sizes),
      newOutput(HIDDEN, FLOAT, [...sizes, width]),
      newOutput(CHOICE, INT64, [...sizes, 'one']),
      newOutput(LOG_PROBABILITY, FLOAT, [...sizes, 'one']),
    ],
  };
  const { largestError, largestRow } = table;
  const others = domains.has(MICROSOFT) ? model.others : [...model.others, newOpset(MICROSOFT, 1)];
  return {
    model: { graph: needed(rewritten), others },
    screen: { largestError, largestRow },
  };
}

function quantised({ bytes, vocabulary, width, byRows }: VocabularyProduct, block: number) {
  // The bytes of a file lie at any address; numbers do not.
  const values = new Float32Array(new Uint8Array(bytes).buffer);
  return quantise(values, width, block, (r, i) => (byRows ? r * width + i : i * vocabulary + r));
}

const branchOutputs = () => [
  newOutput('veer_b_logits', FLOAT, ['b', 's', 'v']),
  newOutput('veer_b_candidates', INT64, ['b', 's', 'k']),
  newOutput('veer_b_rough', FLOAT, ['b', 's', 'k']),
  newOutput('veer_b_exact', FLOAT, ['b', 's', 'k']),
  newOutput('veer_b_log_sum', FLOAT, ['b', 's']),
  newOutput('veer_b_hidden', FLOAT, ['b', 's', 'd']),
];
/** Zeros of the type float32 where nothing is said. */
const empty = (shape: string, output: string) => newNode('ConstantOfShape', [shape], [output]);

function allLogits({ nodes }: VocabularyProduct): Uint8Array {
  const body: readonly FileNode[] = [
    ...nodes,
    newNode('Identity', [LOGITS], ['veer_b_logits']),
    empty('veer_none_3', 'veer_b_empty'),
    newNode('Cast', ['veer_b_empty'], ['veer_b_candidates'], { to: INT64 }),
    empty('veer_none_3', 'veer_b_rough'),
    empty('veer_none_3', 'veer_b_exact'),
    empty('veer_none_2', 'veer_b_log_sum'),
    empty('veer_none_3', 'veer_b_hidden'),
  ];
  return branch(body, branchOutputs());
}

function screened(product: VocabularyProduct, block: number, opset: number): Uint8Array {
  const { hidden, table, bias, byRows, width, vocabulary } = product;
  const sizes = { K: width, N: vocabulary, bits: 8, block_size: block };
  const plus = (bare: string, added: string | null, output: string) =>
    added === null
      ? newNode('Identity', [bare], [output])
      : newNode('Add', [bare, added], [output]);
  const body: readonly FileNode[] = [
    newNode(
      'MatMulNBits',
      [hidden, 'veer_table', 'veer_scales'],
      ['s_product'],
      { ...sizes, accuracy_level: WHOLE_NUMBERS },
      MICROSOFT,
    ),
    plus('s_product', bias, 's_logits'),
    ...withoutForbidden('s_logits', 's_allowed'),
    newNode('TopK', ['s_allowed', 'veer_count'], ['veer_b_rough', 'veer_b_candidates'], {
      axis: 2,
    }),
    // Since opset 18 the axes are an input.
    opset < 18
      ? newNode('ReduceLogSumExp', ['s_allowed'], ['veer_b_log_sum'], { axes: [2], keepdims: 0 })
      : newNode('ReduceLogSumExp', ['s_allowed', 'veer_vocabulary_axis'], ['veer_b_log_sum'], {
          keepdims: 0,
        }),
    ...(byRows ? productsOfRows(hidden, table) : productsOfColumns(hidden, table)),
    ...(bias === null
      ? []
      : [
          newNode('Flatten', [bias], ['s_bias_row'], { axis: 0 }),
          newNode('Gather', ['s_bias_row', 'veer_b_candidates'], ['s_bias_rows'], { axis: 1 }),
          newNode('Squeeze', ['s_bias_rows', 'veer_first_axis'], ['s_bias']),
        ]),
    plus('s_values', bias === null ? null : 's_bias', 'veer_b_exact'),
    newNode('Identity', [hidden], ['veer_b_hidden']),
    empty('veer_none_3', 'veer_b_logits'),
  ];
  return branch(body, branchOutputs());
}

/** Sets the logits [B, S, vocabulary] of forbidden ids to −∞, for every row and position. */
function withoutForbidden(logits: string, output: string): readonly FileNode[] {
  return [
    newNode('Shape', [logits], ['s_shape']),
    newNode('Slice', ['s_shape', 'veer_first_axis', 'veer_vocabulary_axis'], ['s_sizes']),
    newNode('Shape', [FORBIDDEN], ['s_forbidden']),
    newNode('Concat', ['s_sizes', 's_forbidden'], ['s_all'], { axis: 0 }),
    newNode('Expand', [FORBIDDEN, 's_all'], ['s_ids']),
    newNode('Expand', ['veer_never', 's_all'], ['s_never']),
    newNode('ScatterElements', [logits, 's_ids', 's_never'], [output], { axis: 2 }),
  ];
}

const choiceOutputs = () => [
  newOutput('veer_b_choice', INT64, ['b', 's', 'k']),
  newOutput('veer_b_log_probability', FLOAT, ['b', 's', 'k']),
];

/** TopK puts the first of equals first. LogSoftmax takes off the largest logit before it sums. */
function chosen(): Uint8Array {
  const body: readonly FileNode[] = [
    ...withoutForbidden(LOGITS, 's_allowed'),
    newNode('TopK', ['s_allowed', 'veer_one'], ['s_best', 'veer_b_choice'], { axis: 2 }),
    newNode('LogSoftmax', ['s_allowed'], ['s_log_probabilities'], { axis: 2 }),
    newNode(
      'GatherElements',
      ['s_log_probabilities', 'veer_b_choice'],
      ['veer_b_log_probability'],
      { axis: 2 },
    ),
  ];
  return branch(body, choiceOutputs());
}

function notChosen(): Uint8Array {
  const body: readonly FileNode[] = [
    empty('veer_none_3', 'veer_b_log_probability'),
    newNode('Cast', ['veer_b_log_probability'], ['veer_b_choice'], { to: INT64 }),
  ];
  return branch(body, choiceOutputs());
}

/** Of the candidates with the hidden states, `s_values` [B, S, candidates]. */
function productsOfRows(hidden: string, table: string): readonly FileNode[] {
  return [
    newNode('Gather', [table, 'veer_b_candidates'], ['s_rows'], { axis: 0 }),
    newNode('Unsqueeze', [hidden, 'veer_last_axis'], ['s_column']),
    newNode('MatMul', ['s_rows', 's_column'], ['s_products']),
    newNode('Squeeze', ['s_products', 'veer_last_axis'], ['s_values']),
  ];
}

function productsOfColumns(hidden: string, table: string): readonly FileNode[] {
  return [
    newNode('Gather', [table, 'veer_b_candidates'], ['s_columns'], { axis: 1 }),
    newNode('Transpose', [hidden], ['s_turned'], { perm: [2, 0, 1] }),
    newNode('Unsqueeze', ['s_turned', 'veer_last_axis'], ['s_factors']),
    newNode('Mul', ['s_columns', 's_factors'], ['s_products']),
    newNode('ReduceSum', ['s_products', 'veer_first_axis'], ['s_values'], { keepdims: 0 }),
  ];
}

/** Versions by domain; ONNX's own has the empty name, or none. */
function operatorSets({ others }: FileModel): ReadonlyMap<string, number> {
  const sets = others.flatMap(({ number, raw }): [string, number][] => {
    if (number !== 8) return [];
    const fields = readFields(readFields(raw)[0]?.content ?? raw);
    return [[textsOf(fields, 1)[0] ?? '', integersOf(fields, 2)[0] ?? 0]];
  });
  return new Map(sets);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
