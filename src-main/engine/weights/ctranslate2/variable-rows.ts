/** Variables of `model.bin` as weights, rows of quantised ones multiplied out when they are asked for. */

import { damaged, quoted } from '../byte-source.ts';
import { BYTES_OF, readNumbers } from '../decode-values.ts';
import type { Weight } from '../weight-table.ts';
import type { ModelFile, Variable } from './model-file.ts';

/** What int16 weights were multiplied by before files kept the scale (CTranslate2 `src/ops/quantize.cc`). */
const GLOBAL_INT16_SCALE = 1000;

/** A range of the rows of a variable's first axis; `to` is exclusive. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Rows of a variable under another name. int8 weights are divided by the scale of their row, int16 weights
 * by the one of the variable (`weight_scale`).
 *
 * @param shape of the result; as many elements as the rows have
 * @throws VeerError MODEL_FILE_DAMAGED where an integer variable has no scale, or scales of another shape
 */
export function weightOfRows(
  file: ModelFile,
  variable: Variable,
  range: RowRange,
  name: string,
  shape: readonly number[],
): Weight {
  const rows = variable.shape[0] ?? 1;
  const elements = ((range.to - range.from) * variable.elements) / rows;
  const outerRows = shape[0] ?? 1;
  const rowElements = elements / outerRows;
  const start = (range.from * variable.elements) / rows;
  const scale = scaleOf(file, variable);
  const { source } = file;
  return {
    name,
    shape,
    precision: variable.type === 'float16' ? 'float16' : 'float32',
    async readRows(from, to) {
      if (!(Number.isSafeInteger(from) && from >= 0 && from <= to && to <= outerRows)) {
        throw damaged(source.name, `${quoted(name)} has no rows ${from} to ${to}`);
      }
      const first = start + from * rowElements;
      const count = (to - from) * rowElements;
      const offset = variable.offset + first * BYTES_OF[variable.type];
      const values = await readNumbers(source, variable.type, offset, count);
      if (scale !== null) await scale(values, first);
      return values;
    },
  };
}

/** Divides values from an element of the variable on by their scales, in place. */
type Scaling = (values: Float32Array, firstElement: number) => Promise<void>;

function scaleOf(file: ModelFile, variable: Variable): Scaling | null {
  const { name, type, elements } = variable;
  const { source } = file;
  if (type === 'int32') throw damaged(source.name, `${quoted(name)} holds whole numbers`);
  if (type !== 'int8' && type !== 'int16') return null;
  const scale = file.variables.get(`${name}_scale`);
  if (scale === undefined) {
    if (type === 'int8') throw damaged(source.name, `${quoted(`${name}_scale`)} is missing`);
    return async (values) => divide(values, 0, values.length, GLOBAL_INT16_SCALE);
  }
  const rows = scale.elements === 1 ? 1 : (variable.shape[0] ?? 1);
  if (scale.elements !== rows || scale.type !== 'float32') {
    throw damaged(source.name, `the scales of ${quoted(name)} do not belong to its rows`);
  }
  const rowElements = elements / rows;
  return async (values, firstElement) => {
    const end = firstElement + values.length;
    const firstRow = Math.floor(firstElement / rowElements);
    const offset = scale.offset + firstRow * BYTES_OF[scale.type];
    const count = Math.ceil(end / rowElements) - firstRow;
    const factors = await readNumbers(source, scale.type, offset, count);
    for (let i = 0; i < count; i++) {
      const factor = factors[i] ?? Number.NaN;
      if (!(factor > 0 && factor < Number.POSITIVE_INFINITY)) {
        throw damaged(source.name, `a scale of ${quoted(name)} is ${factor}`);
      }
      const from = (firstRow + i) * rowElements;
      const to = Math.min(from + rowElements, end);
      divide(values, Math.max(from, firstElement) - firstElement, to - firstElement, factor);
    }
  };
}

function divide(values: Float32Array, from: number, to: number, factor: number): void {
  for (let i = from; i < to; i++) values[i] = (values[i] ?? 0) / factor;
}
