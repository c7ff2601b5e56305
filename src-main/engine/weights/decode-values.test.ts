import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesInMemory } from './byte-source.ts';
import { type NumberType, readNumbers } from './decode-values.ts';

const ARRAYS = [
  ['float32', fc.float32Array()],
  ['float64', fc.float64Array()],
  ['int8', fc.int8Array()],
  ['int16', fc.int16Array()],
  ['int32', fc.int32Array()],
] as const satisfies readonly (readonly [NumberType, unknown])[];

test.each(ARRAYS)('%s gives the nearest float32', async (type, arrays) => {
  await fc.assert(
    fc.asyncProperty(arrays, async (numbers) => {
      const source = bytesInMemory('x', new Uint8Array(numbers.slice().buffer));
      const values = await readNumbers(source, type, 0, numbers.length);
      expect(values).toEqual(Float32Array.from(numbers, Math.fround));
    }),
  );
});

/** The bits of a 16-bit number by the definition of its format: sign, exponent, fraction. */
function byDefinition(bits: number, exponentBits: number): number {
  const fractionBits = 15 - exponentBits;
  const sign = bits >>> 15 === 1 ? -1 : 1;
  const exponent = (bits >>> fractionBits) & (2 ** exponentBits - 1);
  const fraction = (bits & (2 ** fractionBits - 1)) / 2 ** fractionBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias);
  return sign * (1 + fraction) * 2 ** (exponent - bias);
}

test.each([
  ['float16', 5],
  ['bfloat16', 8],
] as const)('every %s is read exactly', async (type, exponentBits) => {
  const all = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
  const source = bytesInMemory('x', new Uint8Array(all.buffer));
  const values = await readNumbers(source, type, 0, all.length);
  const wrong = all.filter((bits) => !Object.is(values[bits], byDefinition(bits, exponentBits)));
  expect([...wrong]).toEqual([]);
});

test('numbers beyond the end are damage, before memory is taken', async () => {
  const source = bytesInMemory('x.bin', new Uint8Array(10));
  for (const type of ['float32', 'float16', 'int8'] as const) {
    await expect(readNumbers(source, type, 4, 2 ** 45)).rejects.toMatchObject({
      code: 'MODEL_FILE_DAMAGED',
    });
  }
});
