/** Numbers of files of weights as float32. Files and machines are little-endian. */

import { type ByteSource, damaged } from './byte-source.ts';

/** Types of numbers that files of weights hold one by one (not in blocks). */
export type NumberType =
  | 'float16'
  | 'bfloat16'
  | 'float32'
  | 'float64'
  | 'int8'
  | 'int16'
  | 'int32';

/** Bytes of one number. */
export const BYTES_OF: Readonly<Record<NumberType, number>> = {
  float16: 2,
  bfloat16: 2,
  float32: 4,
  float64: 8,
  int8: 1,
  int16: 2,
  int32: 4,
};

/** Numbers decoded at a time, so that source and result never lie in memory together as a whole. */
const AT_A_TIME = 1 << 20;

/**
 * `count` numbers from `offset` (bytes). Integers are taken as they are, without a scale; float64 and int32
 * are rounded to float32.
 *
 * @throws VeerError MODEL_FILE_DAMAGED where the file ends before them, before memory is taken
 */
export async function readNumbers(
  source: ByteSource,
  type: NumberType,
  offset: number,
  count: number,
): Promise<Float32Array<ArrayBuffer>> {
  const size = BYTES_OF[type];
  if (!(count * size <= source.size - offset)) throw damaged(source.name, 'it ends too early');
  if (type === 'float32') {
    return new Float32Array((await source.read(offset, count * size)).buffer);
  }
  const values = new Float32Array(count);
  for (let done = 0; done < count; done += AT_A_TIME) {
    const part = Math.min(AT_A_TIME, count - done);
    const bytes = await source.read(offset + done * size, part * size);
    decodeNumbers(type, bytes.buffer, values.subarray(done, done + part));
  }
  return values;
}

/** Fills `values` from the start of `bytes`. */
function decodeNumbers(
  type: Exclude<NumberType, 'float32'>,
  bytes: ArrayBuffer,
  values: Float32Array,
): void {
  switch (type) {
    case 'float16':
      values.set(new Float16Array(bytes, 0, values.length));
      return;
    case 'bfloat16':
      decodeBfloat16(new Uint16Array(bytes), values);
      return;
    case 'float64':
      values.set(new Float64Array(bytes, 0, values.length));
      return;
    case 'int8':
      values.set(new Int8Array(bytes, 0, values.length));
      return;
    case 'int16':
      values.set(new Int16Array(bytes, 0, values.length));
      return;
    case 'int32':
      values.set(new Int32Array(bytes, 0, values.length));
  }
}

/** bfloat16 is the upper half of float32. */
function decodeBfloat16(halves: Uint16Array, values: Float32Array): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) bits[i] = (halves[i] ?? 0) << 16;
}
