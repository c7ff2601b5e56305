/** Writes safetensors files, right and wrong ones. */

export interface WrittenTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** The tensors one after the other, under a header that describes them. */
export function safetensorsBytes(tensors: Readonly<Record<string, WrittenTensor>>): Buffer {
  let end = 0;
  const header: [string, object][] = [];
  for (const [name, { dtype, shape, bytes }] of Object.entries(tensors)) {
    header.push([name, { dtype, shape, data_offsets: [end, end + bytes.length] }]);
    end += bytes.length;
  }
  const buffer = Buffer.concat(Object.values(tensors).map(({ bytes }) => bytes));
  return withHeader(JSON.stringify(Object.fromEntries(header)), buffer);
}

/** Any text as the header. */
export function withHeader(header: string, buffer: Uint8Array): Buffer {
  const length = Buffer.alloc(8);
  const text = Buffer.from(header);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, buffer]);
}

/** A float32 tensor. */
export function single(shape: readonly number[], values: readonly number[]): WrittenTensor {
  return { dtype: 'F32', shape, bytes: new Uint8Array(new Float32Array(values).buffer) };
}
