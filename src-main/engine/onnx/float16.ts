/**
 * float16 tensors as the native library wants them. Where the runtime has `Float16Array`,
 * onnxruntime-common keeps float16 data in one, which the native part cannot read ("not enough
 * space"). It looks for that class once, when the first tensor is made; here it is made while the
 * class is hidden, so that float16 data are their bits in a `Uint16Array`, in and out.
 *
 * Import this before any tensor is made: tensor.ts does.
 */

import { Tensor } from 'onnxruntime-node';

const hidden = Object.getOwnPropertyDescriptor(globalThis, 'Float16Array');
if (hidden !== undefined) {
  Reflect.deleteProperty(globalThis, 'Float16Array');
  new Tensor('bool', [true], [1]);
  Object.defineProperty(globalThis, 'Float16Array', hidden);
}

/** Values rounded to float16. */
export function float16Bits(values: Float32Array): Uint16Array {
  return new Uint16Array(new Float16Array(values).buffer);
}

export function fromFloat16Bits(bits: Uint16Array): Float32Array {
  return new Float32Array(new Float16Array(bits.buffer, bits.byteOffset, bits.length));
}
