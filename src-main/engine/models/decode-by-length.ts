/**
 * For decoders that cannot be told which encoder positions are padding: rows that have as many real
 * positions are decoded together, without padding.
 */

import type { RowOutput } from '../decoding/hypothesis.ts';
import { dimension, floatData, floatTensor, type Tensor } from '../onnx/tensor.ts';
import type { DecodeOptions, Encoded } from './model.ts';

/**
 * @param decode takes hidden states [rows, T, D] without padding, and the options of these rows
 * @returns for every row of `encoded` what it gives
 */
export async function decodeByLength(
  encoded: Encoded,
  options: DecodeOptions,
  decode: (hiddenStates: Tensor, options: DecodeOptions) => Promise<readonly RowOutput[]>,
): Promise<readonly RowOutput[]> {
  const { onStep, streamNames, given } = options;
  const batch = dimension(encoded.hiddenStates, 0);
  const texts: (readonly number[])[] = Array.from({ length: batch }, () => []);
  const outputs: RowOutput[] = [];
  for (const { rows, hiddenStates } of rowsByLength(encoded)) {
    const found = await decode(hiddenStates, {
      ...options,
      onStep:
        onStep &&
        ((tokens) => {
          for (const [i, row] of rows.entries()) texts[row] = tokens[i] ?? [];
          onStep(texts);
        }),
      // The number of a row names its stream where nothing else does.
      ...(given && { given: rows.flatMap((row) => given[row] ?? []) }),
      streamNames: rows.map((row) => streamNames?.[row] ?? `${row}`),
    });
    for (const [i, row] of rows.entries()) outputs[row] = found[i] as RowOutput;
  }
  return outputs;
}

interface EqualRows {
  /** Places in the batch. */
  readonly rows: readonly number[];
  /** [rows, length, D] */
  readonly hiddenStates: Tensor;
}

function rowsByLength({ hiddenStates, validMask }: Encoded): readonly EqualRows[] {
  const [batch, positions, size] = [0, 1, 2].map((axis) => dimension(hiddenStates, axis)) as [
    number,
    number,
    number,
  ];
  const states = floatData(hiddenStates);
  const marks = validMask.data as BigInt64Array;
  const lengthOf = (row: number) =>
    marks.subarray(row * positions, (row + 1) * positions).lastIndexOf(1n) + 1;
  const groups = Map.groupBy(
    Array.from({ length: batch }, (_, row) => row),
    lengthOf,
  );
  return [...groups].map(([length, rows]) => {
    const part = new Float32Array(rows.length * length * size);
    rows.forEach((row, i) => {
      const start = row * positions * size;
      part.set(states.subarray(start, start + length * size), i * length * size);
    });
    return { rows, hiddenStates: floatTensor(part, [rows.length, length, size]) };
  });
}
