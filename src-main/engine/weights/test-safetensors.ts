/** Writes safetensors files for tests. */

export interface TensorBytes {
  readonly name: string;
  /** `F32`, `BF16`, … */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** The tensors one after the other; the header padded to a multiple of 8. */
export function safetensorsBytes(tensors: readonly TensorBytes[]): Buffer {
  const header: [string, unknown][] = [['__metadata__', { format: 'pt' }]];
  let at = 0;
  for (const { name, dtype, shape, bytes } of tensors) {
    header.push([name, { dtype, shape, data_offsets: [at, at + bytes.length] }]);
    at += bytes.length;
  }
  const parts = tensors.map(({ bytes }) => bytes);
  return withHeader(JSON.stringify(Object.fromEntries(header)), Buffer.concat(parts));
}

/** A file with any text as its header. */
export function withHeader(header: string, buffer: Uint8Array): Buffer {
  const text = Buffer.from(header);
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8, ' ');
  text.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, buffer]);
}
