/** Rows of the first axis, as `Weight.readRows` counts them. */

export interface Rows {
  readonly count: number;
  /** Elements of one. */
  readonly width: number;
}

/** The elements of a vector are its rows, a scalar is one row. */
export function rowsOf(shape: readonly number[]): Rows {
  const [count = 1, ...rest] = shape;
  return { count, width: rest.reduce((product, size) => product * size, 1) };
}

/** @throws RangeError for rows that the tensor does not have: a fault of the caller, not of the file */
export function requireRows({ count }: Rows, from: number, to: number): void {
  const whole = Number.isSafeInteger(from) && Number.isSafeInteger(to);
  if (!whole || from < 0 || to < from || to > count) {
    throw new RangeError(`rows ${from} to ${to} of ${count}`);
  }
}
