/**
 * Finding the product that makes the logits, `logits = hidden · weights (+ bias)`. The weights are
 * float32 and stand in the file as [D, vocabulary], or transposed, as tied embeddings do.
 */

import { FLOAT } from './new-parts.ts';
import type { FileGraph, FileNode, NamedPart } from './onnx-file.ts';
import { integersOf, readFields } from './wire-format.ts';

export interface VocabularyProduct {
  /** Names of values: hidden [B, S, D], and the weights. */
  readonly hidden: string;
  readonly table: string;
  readonly bias: string | null;
  readonly vocabulary: number;
  /** D. */
  readonly width: number;
  /** Whether the table is [vocabulary, D]; else [D, vocabulary]. */
  readonly byRows: boolean;
  /** Of the table, float32, little-endian. */
  readonly bytes: Uint8Array;
  /** What makes the logits from `hidden`, in order. */
  readonly nodes: readonly FileNode[];
}

const LOGITS = 'logits';

/** Null where the logits are made in another way. */
export function vocabularyProduct(graph: FileGraph): VocabularyProduct | null {
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
  const weights = new Map(graph.initializers.map((part) => [part.name, part]));
  const nodes: FileNode[] = [];
  let name = LOGITS;
  let bias: string | null = null;
  for (let maker = makers.get(name); maker !== undefined; maker = makers.get(name)) {
    nodes.unshift(maker);
    const [left = '', right = ''] = maker.inputs;
    if (maker.kind === 'Identity') {
      name = left;
    } else if (maker.kind === 'Add' && bias === null) {
      bias = weights.has(left) ? left : right;
      if (!weights.has(bias)) return null;
      name = bias === left ? right : left;
    } else if (maker.kind === 'MatMul') {
      const found = tableOf(right, makers.get(right), weights);
      if (found === null || (bias !== null && !isRow(weights.get(bias), found.vocabulary))) {
        return null;
      }
      return { ...found, hidden: left, bias, nodes };
    } else {
      return null;
    }
  }
  return null;
}

type Table = Pick<VocabularyProduct, 'table' | 'vocabulary' | 'width' | 'byRows' | 'bytes'>;

/** Null for another element type, another rank, or weights that lie beside the file. */
function tableOf(
  name: string,
  maker: FileNode | undefined,
  weights: ReadonlyMap<string, NamedPart>,
): Table | null {
  const byRows = maker?.kind === 'Transpose';
  if (byRows && (maker.integers['perm'] ?? [1, 0]).join() !== '1,0') return null;
  const table = byRows ? (maker.inputs[0] ?? '') : name;
  const part = weights.get(table);
  const tensor = part && tensorOf(part);
  const [first = 0, second = 0, ...more] = tensor?.dims ?? [];
  if (tensor === undefined || tensor.type !== FLOAT || more.length > 0) return null;
  const { bytes } = tensor;
  if (bytes.length === 0 || bytes.length !== 4 * first * second) return null;
  const [vocabulary, width] = byRows ? [first, second] : [second, first];
  return { table, vocabulary, width, byRows, bytes };
}

function isRow(part: NamedPart | undefined, vocabulary: number): boolean {
  const tensor = part && tensorOf(part);
  const size = tensor?.dims.reduce((product, length) => product * length, 1);
  return tensor?.type === FLOAT && tensor.dims.at(-1) === vocabulary && size === vocabulary;
}

/** The numbers of a TensorProto that are kept as raw bytes. */
function tensorOf({ raw }: NamedPart) {
  const fields = readFields(readFields(raw)[0]?.content ?? raw);
  const bytes = fields.find(({ number }) => number === 9)?.content ?? new Uint8Array(0);
  return { dims: integersOf(fields, 1), type: integersOf(fields, 2)[0] ?? 0, bytes };
}
