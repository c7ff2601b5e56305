/**
 * Whether this processor's way of multiplying uint8 by int8 adds up exactly. Instructions before VNNI add
 * two products in 16 bits and cut off what does not fit; ONNX Runtime has an exact way that takes twice as
 * long, and takes it where it is asked to, needed or not (`session.x64quantprecision`).
 */

import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeModel } from './graph-builder/onnx-model.ts';

/** As many as every kernel reads at once, and several of those. */
const [ROWS, INNER, COLUMNS] = [4, 128, 64];
const [LARGEST_ACTIVATION, LARGEST_WEIGHT] = [255, 127];

let found: Promise<boolean> | null = null;

/** Tried once. False also where it cannot be tried. */
export function multipliesExactly(): Promise<boolean> {
  found ??= tried().catch(() => false);
  return found;
}

async function tried(): Promise<boolean> {
  const graph = encodeModel({
    name: 'probe',
    nodes: [{ kind: 'MatMulInteger', inputs: ['x', 'weights'], outputs: ['y'], attributes: {} }],
    constants: [],
    inputs: [
      { name: 'x', type: 'uint8', shape: [ROWS, INNER] },
      { name: 'weights', type: 'int8', shape: [INNER, COLUMNS] },
    ],
    outputs: [{ name: 'y', type: 'int32', shape: [ROWS, COLUMNS] }],
  });
  const session = await InferenceSession.create(graph, {
    logSeverityLevel: 4,
    intraOpNumThreads: 1,
  });
  const x = new Uint8Array(ROWS * INNER).fill(LARGEST_ACTIVATION);
  const weights = new Int8Array(INNER * COLUMNS).fill(LARGEST_WEIGHT);
  const { y } = await session.run({
    x: new Tensor('uint8', x, [ROWS, INNER]),
    weights: new Tensor('int8', weights, [INNER, COLUMNS]),
  });
  await session.release();
  const sum = INNER * LARGEST_ACTIVATION * LARGEST_WEIGHT;
  return y !== undefined && Array.from(y.data, Number).every((value) => value === sum);
}
