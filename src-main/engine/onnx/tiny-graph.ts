/** A graph of one addition (`y = x + x`), to learn whether a device works at all without a model. */

import { encodeModel } from './graph-builder/onnx-model.ts';
import type { FloatType } from './tensor.ts';

export function tinyGraph(type: FloatType): Uint8Array {
  return encodeModel({
    name: 'probe',
    nodes: [{ kind: 'Add', inputs: ['x', 'x'], outputs: ['y'], attributes: {} }],
    constants: [],
    inputs: [{ name: 'x', type, shape: [1] }],
    outputs: [{ name: 'y', type, shape: [1] }],
  });
}
