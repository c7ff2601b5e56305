/**
 * Dynamic time warping and the median filter before it, for aligning tokens with time: as `dtw_cpu`
 * and `median_filter` of openai/whisper `timing.py`, which Hugging Face's library shares, ties and
 * single-precision sums included.
 */

/**
 * The path of lowest cost through a matrix from its first to its last cell, by steps to the next row,
 * the next column, or both.
 *
 * @param costs [rows × columns] row-major, neither zero
 * @returns for every row the first column that the path takes in it; never goes back
 */
export function warpedStarts(costs: Float64Array, columns: number): readonly number[] {
  const rows = costs.length / columns;
  const width = columns + 1;
  const sums = new Float32Array((rows + 1) * width).fill(Number.POSITIVE_INFINITY);
  const steps = new Uint8Array(sums.length);
  sums[0] = 0;
  for (let row = 1; row <= rows; row++) {
    for (let column = 1; column <= columns; column++) {
      const at = row * width + column;
      const both = sums[at - width - 1] as number;
      const down = sums[at - width] as number;
      const right = sums[at - 1] as number;
      let step = RIGHT;
      if (both < down && both < right) step = BOTH;
      else if (down < both && down < right) step = DOWN;
      const before = step === BOTH ? both : step === DOWN ? down : right;
      sums[at] = (costs[(row - 1) * columns + column - 1] as number) + before;
      steps[at] = step;
    }
  }
  return backtraced(steps, rows, columns);
}

const [BOTH, DOWN, RIGHT] = [0, 1, 2];

function backtraced(steps: Uint8Array, rows: number, columns: number): readonly number[] {
  const starts = new Array<number>(rows).fill(0);
  let row = rows;
  let column = columns;
  while (row > 0) {
    starts[row - 1] = Math.max(0, column - 1);
    const step = column === 0 ? DOWN : steps[row * (columns + 1) + column];
    if (step !== RIGHT) row--;
    if (step !== DOWN) column--;
  }
  return starts;
}

/**
 * Median of every value and its neighbours, each row alone, mirrored at the ends; rows that are too
 * short stay.
 *
 * @param values [rows × columns] row-major
 * @param width odd
 */
export function medianFiltered(values: Float32Array, columns: number, width: number): Float32Array {
  const reach = (width - 1) / 2;
  if (columns <= reach) return values;
  const around = new Float32Array(width);
  return values.map((_, at) => {
    const column = at % columns;
    for (let i = 0; i < width; i++) {
      const place = Math.abs(column + i - reach);
      const mirrored = place < columns ? place : 2 * (columns - 1) - place;
      around[i] = values[at - column + mirrored] as number;
    }
    return around.sort()[reach] as number;
  });
}
