/** A tensor inside a graph that is being built: a name, an element type and a shape. */

/** A known size, or the name of one that is only known when the graph runs. */
export type Dimension = number | string;

/** `real` is float32 in every graph that is shipped, and float64 where a test wants more digits. */
export type ElementType = 'real' | 'int64' | 'bool' | 'float16' | 'uint8' | 'int8' | 'int32';

export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Dimension[];
}

/**
 * Shape of an operation with broadcasting (as NumPy's: trailing axes first, 1 stretches).
 * @throws Error for shapes that do not fit each other
 */
export function broadcastShape(
  a: readonly Dimension[],
  b: readonly Dimension[],
): readonly Dimension[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[a.length - rank + axis] ?? 1;
    const right = b[b.length - rank + axis] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new Error(`Shapes [${a}] and [${b}] do not broadcast.`);
  });
}

export function sameShape(a: readonly Dimension[], b: readonly Dimension[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** Axes counted from the front. @throws Error for one that the shape does not have */
export function axesOf(value: Value, axes: readonly number[]): readonly number[] {
  const rank = value.shape.length;
  return axes.map((axis) => {
    const front = axis < 0 ? axis + rank : axis;
    if (front >= 0 && front < rank) return front;
    throw new Error(`There is no axis ${axis} in [${value.shape}].`);
  });
}
