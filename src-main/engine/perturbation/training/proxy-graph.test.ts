import { expect, test } from 'vitest';
import { operatorKinds } from '../test-gradient-graph.ts';
import { tinyOutputs } from '../test-tiny-proxies.ts';
import { loadTrained, TRAINED_CASES, trainedGraph } from '../test-trained-proxies.ts';

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

test('the score of an ensemble is the mean of the scores of its members', async () => {
  const [, , ensemble] = TRAINED_CASES;
  if (ensemble === undefined) throw new Error('There is no ensemble among the cases.');
  const scores = async (members: readonly number[]) => {
    const proxy = await loadTrained(ensemble, members);
    const { hiddenStates, mask } = tinyOutputs();
    const { scores } = await proxy.perturb(hiddenStates, mask, [0]);
    await proxy.dispose();
    return [...scores];
  };
  const alone = await Promise.all([[0], [1], [2]].map(scores));
  const together = await scores([0, 1, 2]);
  together.forEach((score, b) => {
    const sum = alone.reduce((total, one) => total + (one[b] ?? Number.NaN), 0);
    expect(score).toBeCloseTo(sum / 3, 5);
  });
  expect(alone[0]).not.toEqual(alone[1]);
});
