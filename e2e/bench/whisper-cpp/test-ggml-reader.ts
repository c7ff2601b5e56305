/** Reads a ggml file of Whisper as whisper.cpp's loader does, in the order in which it asks for things. */

interface GgmlTensor {
  /** Innermost first. */
  readonly sizes: readonly number[];
  readonly type: 'f32' | 'f16' | 'q8_0';
  readonly data: Float32Array;
}

interface GgmlFile {
  /** Magic, then the shape of the model and the type of its matrices. */
  readonly header: readonly number[];
  readonly filters: { readonly shape: readonly number[]; readonly data: Float32Array };
  readonly tensors: ReadonlyMap<string, GgmlTensor>;
}

const HEADER_NUMBERS = 12;
const BLOCK = 32;

/** @throws Error for a type that the writer should not write; RangeError where the file ends too early */
export function parseGgml(file: Buffer): GgmlFile {
  let at = 0;
  const integers = (count: number) =>
    Array.from({ length: count }, () => {
      at += 4;
      return file.readInt32LE(at - 4);
    });
  const floats = (count: number) =>
    Float32Array.from({ length: count }, () => {
      at += 4;
      return file.readFloatLE(at - 4);
    });
  const half = () => {
    at += 2;
    return new DataView(file.buffer, file.byteOffset).getFloat16(at - 2, true);
  };
  const blocks = (count: number) => {
    const data = new Float32Array(count);
    for (let start = 0; start < count; start += BLOCK) {
      const scale = half();
      for (let i = 0; i < BLOCK; i++) data[start + i] = scale * file.readInt8(at++);
    }
    return data;
  };

  const header = integers(HEADER_NUMBERS);
  const shape = integers(2);
  const filters = { shape, data: floats((shape[0] ?? 0) * (shape[1] ?? 0)) };
  const [words] = integers(1);
  if (words !== 0) throw new Error(`${words} words stand where none should.`);
  const tensors = new Map<string, GgmlTensor>();
  while (at < file.length) {
    const [dimensions = 0, nameLength = 0, id] = integers(3);
    const sizes = integers(dimensions);
    const name = file.toString('utf8', at, at + nameLength);
    at += nameLength;
    const count = sizes.reduce((product, size) => product * size, 1);
    if (tensors.has(name)) throw new Error(`${name} comes twice.`);
    if (id === 0) tensors.set(name, { sizes, type: 'f32', data: floats(count) });
    else if (id === 1)
      tensors.set(name, { sizes, type: 'f16', data: Float32Array.from({ length: count }, half) });
    else if (id === 8) tensors.set(name, { sizes, type: 'q8_0', data: blocks(count) });
    else throw new Error(`${name} has the type ${id}.`);
  }
  return { header, filters, tensors };
}
