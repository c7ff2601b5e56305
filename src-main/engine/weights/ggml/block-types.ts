/**
 * Block-quantised rows of ggml, 32 values a block. Layouts and formulas are those of `block_q4_0` and the
 * like in ggml-common.h and ggml-quants.c: a scale d and, in types 1, a minimum m, both float16; the fifth bits
 * of all values in a u32; a byte holds value j in its low half and value j + 16 in its high half.
 */

/** Values in a block. */
export const BLOCK = 32;

/** How the values of a block lie in it. */
export interface BlockType {
  readonly bits: 4 | 5 | 8;
  /** Value is q·d + m; without, q is signed and the value q·d. */
  readonly withMinimum: boolean;
}

/** By the number in the file (`enum ggml_type`). */
export const BLOCK_TYPES: ReadonlyMap<number, BlockType> = new Map([
  [2, { bits: 4, withMinimum: false }],
  [3, { bits: 4, withMinimum: true }],
  [6, { bits: 5, withMinimum: false }],
  [7, { bits: 5, withMinimum: true }],
  [8, { bits: 8, withMinimum: false }],
]);

/** Bytes of one block. */
export function blockBytes({ bits, withMinimum }: BlockType): number {
  return (withMinimum ? 4 : 2) + (bits * BLOCK) / 8;
}

/**
 * @param bytes whole blocks
 * @param values receives 32 values a block
 */
export function decodeBlocks(type: BlockType, bytes: ArrayBuffer, values: Float32Array): void {
  const view = new DataView(bytes);
  const size = blockBytes(type);
  for (let block = 0; block * BLOCK < values.length; block++) {
    const to = values.subarray(block * BLOCK, (block + 1) * BLOCK);
    if (type.bits === 8) decodeBytes(view, block * size, to);
    else decodeNibbles(type, view, block * size, to);
  }
}

function decodeBytes(view: DataView, at: number, values: Float32Array): void {
  const scale = view.getFloat16(at, true);
  for (let j = 0; j < BLOCK; j++) values[j] = scale * view.getInt8(at + 2 + j);
}

function decodeNibbles(type: BlockType, view: DataView, at: number, values: Float32Array): void {
  const scale = view.getFloat16(at, true);
  // Adding -0 leaves every number as it is, -0 itself too.
  const minimum = type.withMinimum ? view.getFloat16(at + 2, true) : -0;
  const middle = type.withMinimum ? 0 : 2 ** (type.bits - 1);
  const afterScale = at + (type.withMinimum ? 4 : 2);
  const fifthBits = type.bits === 5 ? view.getUint32(afterScale, true) : 0;
  const nibbles = afterScale + (type.bits === 5 ? 4 : 0);
  for (let j = 0; j < BLOCK / 2; j++) {
    const byte = view.getUint8(nibbles + j);
    const low = (byte & 15) | (((fifthBits >>> j) & 1) << 4);
    const high = (byte >>> 4) | (((fifthBits >>> (j + 16)) & 1) << 4);
    values[j] = (low - middle) * scale + minimum;
    values[j + BLOCK / 2] = (high - middle) * scale + minimum;
  }
}
