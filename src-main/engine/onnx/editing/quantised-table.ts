/**
 * A float32 table in 8 bits, as MatMulNBits of ONNX Runtime reads it: blocks of one row share a scale,
 * and a byte q stands for scale · (q − 128). With it, how far the products can be from the true ones.
 */

export interface QuantisedTable {
  /** [rows, width] */
  readonly bytes: Uint8Array;
  /** [rows, width / block] */
  readonly scales: Float32Array;
  /** Largest length of what rounding took from a row, and of a rounded row. */
  readonly largestError: number;
  readonly largestRow: number;
}

/** @param at where value i of row r stands in `source`: at(r, i) */
export function quantise(
  source: Float32Array,
  width: number,
  block: number,
  at: (r: number, i: number) => number,
): QuantisedTable {
  const rows = source.length / width;
  const bytes = new Uint8Array(rows * width);
  const scales = new Float32Array(bytes.length / block);
  const row = new Float32Array(width);
  let worstError = 0;
  let worstRow = 0;
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < width; i++) row[i] = source[at(r, i)] as number;
    let error = 0;
    let length = 0;
    for (let start = 0; start < width; start += block) {
      const end = start + block;
      let largest = 0;
      for (let i = start; i < end; i++) largest = Math.max(largest, Math.abs(row[i] as number));
      const scale = Math.fround(largest / 127);
      scales[(r * width + start) / block] = scale;
      const inverse = scale === 0 ? 0 : 1 / scale;
      for (let i = start; i < end; i++) {
        const value = row[i] as number;
        const whole = Math.round(value * inverse);
        const rounded = scale * whole;
        bytes[r * width + i] = whole + 128;
        error += (value - rounded) * (value - rounded);
        length += rounded * rounded;
      }
    }
    worstError = Math.max(worstError, error);
    worstRow = Math.max(worstRow, length);
  }
  return {
    bytes,
    scales,
    largestError: Math.sqrt(worstError),
    largestRow: Math.sqrt(worstRow),
  };
}
