/** Number formats of tensors in a ggml file. */

/**
 * What the matrices of a file are in. `q8_0`: blocks of 32 numbers of 8 bits with a float16 scale each.
 * Not float32: whisper.cpp 1.8.5 stops at its first convolution ("src0->type == GGML_TYPE_F16").
 */
export type FileType = 'f16' | 'q8_0';
type TensorType = FileType | 'f32';

const IDS: Readonly<Record<TensorType, number>> = { f32: 0, f16: 1, q8_0: 8 };
const BLOCK = 32;
const BLOCK_BYTES = 2 + BLOCK;
const LARGEST = 127;

/** The format of one tensor in a file whose matrices are in `fileType`. */
export function typeOf(
  name: string,
  shape: readonly number[],
  fileType: FileType,
): { readonly name: TensorType; readonly id: number } {
  const small = shape.length === 1 || name.endsWith('positional_embedding');
  const kernel = shape.length === 3;
  const type = small ? 'f32' : kernel ? 'f16' : fileType;
  return { name: type, id: IDS[type] };
}

/** @throws Error for blocks where the data do not fill them */
export function tensorBytes(data: Float32Array, type: TensorType): Uint8Array {
  switch (type) {
    case 'f32':
      return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    case 'f16':
      return new Uint8Array(new Float16Array(data).buffer);
    case 'q8_0':
      return blocks(data);
  }
}

/** Each block: its scale, the largest magnitude / 127, then the numbers in units of it. */
function blocks(data: Float32Array): Uint8Array {
  if (data.length % BLOCK !== 0) throw new Error(`${data.length} numbers fill no blocks of 32.`);
  const bytes = new Uint8Array((data.length / BLOCK) * BLOCK_BYTES);
  const view = new DataView(bytes.buffer);
  for (let start = 0, at = 0; start < data.length; start += BLOCK, at += BLOCK_BYTES) {
    let largest = 0;
    for (let i = 0; i < BLOCK; i++) largest = Math.max(largest, Math.abs(data[start + i] ?? 0));
    const scale = largest / LARGEST;
    view.setFloat16(at, scale, true);
    for (let i = 0; scale > 0 && i < BLOCK; i++) {
      view.setInt8(at + 2 + i, Math.round((data[start + i] ?? 0) / scale));
    }
  }
  return bytes;
}
