/** The same numbers in another shape. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import type { Dimension, Value } from '../../graph-builder/value.ts';

/**
 * @param shape sizes that are only known later must stand where they stood before, or be alone
 * @throws Error where ONNX cannot say the shape
 */
export function reshape(g: GraphBuilder, x: Value, shape: readonly Dimension[]): Value {
  // 0 keeps the size of the same axis, −1 (once) is what is left.
  const sizes = shape.map((size, axis) => {
    if (typeof size === 'number') return size;
    return x.shape[axis] === size ? 0 : -1;
  });
  if (sizes.filter((size) => size === -1).length > 1) {
    throw new Error(`[${x.shape}] cannot be reshaped to [${shape}].`);
  }
  return g.node({
    kind: 'Reshape',
    inputs: [x, g.int64(sizes)],
    type: x.type,
    shape,
    derivatives: [(upstream) => reshape(g, upstream, x.shape), null],
  });
}
