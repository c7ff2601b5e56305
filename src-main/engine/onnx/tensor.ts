/**
 * Small constructors over ONNX Runtime's tensors, so that the rest of the engine never spells
 * element types or BigInts, and row operations on CPU tensors (rows are the first axis).
 */

import { Tensor } from 'onnxruntime-node';
import { VeerError } from '../../contract/errors.ts';
import { float16Bits, fromFloat16Bits } from './float16.ts';

export { Tensor };

/** float32 tensor over `data` (not copied). */
export function floatTensor(data: Float32Array, dims: readonly number[]): Tensor {
  return new Tensor('float32', data, dims);
}

/** int64 tensor from integers. */
export function int64Tensor(values: ArrayLike<number>, dims: readonly number[]): Tensor {
  const data = new BigInt64Array(values.length);
  for (let i = 0; i < values.length; i++) data[i] = BigInt(values[i] ?? 0);
  return new Tensor('int64', data, dims);
}

/** bool tensor [1]. */
export function boolTensor(value: boolean): Tensor {
  return new Tensor('bool', [value], [1]);
}

/** Element types of features, hidden states, caches and logits. */
export type FloatType = 'float32' | 'float16';

/** Values of a CPU tensor as a float32 or float16 tensor; the tensor itself where it is one. */
export function castFloat(tensor: Tensor, type: FloatType): Tensor {
  if (tensor.type === type || (tensor.type !== 'float32' && tensor.type !== 'float16')) {
    return tensor;
  }
  if (type === 'float32') {
    return new Tensor(fromFloat16Bits(tensor.data as Uint16Array), tensor.dims);
  }
  return new Tensor('float16', float16Bits(floatData(tensor)), tensor.dims);
}

/** The float32 data of a CPU tensor. @throws VeerError INTERNAL for another element type. */
export function floatData(tensor: Tensor): Float32Array {
  if (!(tensor.data instanceof Float32Array)) {
    throw new VeerError('INTERNAL', `Expected a float32 tensor, got ${tensor.type}.`);
  }
  return tensor.data;
}

/** Size of axis `axis`. */
export function dimension(tensor: Tensor, axis: number): number {
  const size = tensor.dims[axis];
  if (size === undefined) {
    throw new VeerError('INTERNAL', `A tensor [${tensor.dims}] has no axis ${axis}.`);
  }
  return size;
}

/**
 * Copies the given rows (first axis) into a new tensor, in their order; a row may repeat.
 * float32, float16 and int64 only.
 */
export function selectRows(tensor: Tensor, rows: readonly number[]): Tensor {
  const [, ...rest] = tensor.dims;
  const rowSize = rest.reduce((product, size) => product * size, 1);
  const dims = [rows.length, ...rest];
  if (tensor.data instanceof Float32Array) {
    const out = new Float32Array(rows.length * rowSize);
    copyRows(tensor.data, out, rows, rowSize);
    return new Tensor('float32', out, dims);
  }
  if (tensor.data instanceof BigInt64Array) {
    const out = new BigInt64Array(rows.length * rowSize);
    copyRows(tensor.data, out, rows, rowSize);
    return new Tensor('int64', out, dims);
  }
  if (tensor.data instanceof Uint16Array) {
    const out = new Uint16Array(rows.length * rowSize);
    copyRows(tensor.data, out, rows, rowSize);
    return new Tensor('float16', out, dims);
  }
  throw new VeerError('INTERNAL', `Cannot select rows of a ${tensor.type} tensor.`);
}

function copyRows<T extends Float32Array | Uint16Array | BigInt64Array>(
  source: T,
  target: T,
  rows: readonly number[],
  rowSize: number,
): void {
  rows.forEach((row, position) => {
    const slice = source.subarray(row * rowSize, (row + 1) * rowSize);
    // Both arrays have one element type by construction; the union type cannot say so.
    (target as Float32Array).set(slice as Float32Array, position * rowSize);
  });
}
