/**
 * Takes the branch for the later steps out of the `If` of a merged decoder
 * (`decoder_model_merged` of the Hub): a graph of its own needs no branching at every step, and ONNX
 * Runtime optimises over what stood on both sides of the border.
 */

import { newNode } from './new-parts.ts';
import type { FileGraph, FileModel, FileNode } from './onnx-file.ts';

const CONDITION = 'use_cache_branch';
/** GraphProto: shapes that were inferred, and tensors that are kept sparse. */
const INNER_SHAPES = 13;
const SPARSE = 15;

/**
 * @param outputs those to keep; encoder presents, which have no values there, are left out by it
 * @returns null where the file is not merged, or has what is not understood here
 */
export function cachedStep(model: FileModel, outputs: readonly string[]): FileModel | null {
  const { graph } = model;
  const merged = graph.nodes.find(({ kind, inputs }) => kind === 'If' && inputs[0] === CONDITION);
  const branch = merged?.graphs['then_branch'];
  if (merged === undefined || branch === undefined || branch.inputs.length > 0) return null;
  if ([graph, branch].some(({ others }) => others.some(({ number }) => number === SPARSE))) {
    return null;
  }
  const renamed = branch.outputs.flatMap(({ name }, i) => {
    const outside = merged.outputs[i] ?? '';
    return name === outside ? [] : [newNode('Identity', [name], [outside])];
  });
  const flat = graph.nodes.flatMap((node) =>
    node === merged ? [...branch.nodes, ...renamed] : [node],
  );
  const kept = graph.outputs.filter(({ name }) => outputs.includes(name));
  const whole: FileGraph = {
    nodes: flat,
    initializers: [...graph.initializers, ...branch.initializers],
    inputs: graph.inputs,
    outputs: kept,
    others: graph.others.filter(({ number }) => number !== INNER_SHAPES),
  };
  return hasOneSourceEach(whole) ? { ...model, graph: needed(whole) } : null;
}

/** Without nodes, weights and inputs that no output depends on. */
export function needed(graph: FileGraph): FileGraph {
  const names = new Set(graph.outputs.map(({ name }) => name));
  const nodes: FileNode[] = [];
  // Every node stands after those that it reads.
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => names.has(name))) continue;
    nodes.push(node);
    for (const name of [...node.inputs, ...node.innerInputs]) names.add(name);
  }
  const read = <T extends { readonly name: string }>(parts: readonly T[]) =>
    parts.filter(({ name }) => names.has(name));
  return {
    ...graph,
    nodes: nodes.reverse(),
    initializers: read(graph.initializers),
    inputs: read(graph.inputs),
  };
}

/** Branches may name their values alike; one branch with its surroundings may not. */
function hasOneSourceEach({ nodes, initializers, inputs }: FileGraph): boolean {
  const constants = new Set(initializers.map(({ name }) => name));
  // Old files list their weights among the inputs too.
  const fed = inputs.flatMap(({ name }) => (constants.has(name) ? [] : [name]));
  const sources = [
    ...nodes.flatMap(({ outputs }) => outputs.filter((name) => name !== '')),
    ...initializers.map(({ name }) => name),
    ...fed,
  ];
  return new Set(sources).size === sources.length;
}
