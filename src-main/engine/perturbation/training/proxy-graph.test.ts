import { expect, test } from 'vitest';
import { operatorKinds } from '../test-gradient-graph.ts';
import { TRAINED_CASES, trainedGraph } from '../test-trained-proxies.ts';

/** Ran as WebGPU kernels of ONNX Runtime 1.30, as its profile said. */
const ON_WEBGPU = [
  'Add',
  'Clip',
  'Div',
  'Equal',
  'Erf',
  'Exp',
  'Expand',
  'MatMul',
  'Mul',
  'Neg',
  'ReduceSum',
  'Reshape',
  'Softmax',
  'Sqrt',
  'Sub',
  'Transpose',
  'Where',
];
/** Here they only read masks and sizes, which stay with the processor. */
const WHOLE_NUMBERS = ['Cast', 'Concat', 'Shape', 'Slice'];

test.each(TRAINED_CASES)('all real numbers of $name can stay on WebGPU', (proxy) => {
  const known = new Set([...ON_WEBGPU, ...WHOLE_NUMBERS]);
  const unknown = [...operatorKinds(trainedGraph(proxy))].filter((kind) => !known.has(kind));
  expect(unknown).toEqual([]);
});
