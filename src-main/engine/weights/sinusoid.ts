/** Positions as sines and cosines, for models that store none. */

import type { Weight } from './weight-table.ts';

/**
 * Row r is position p = first + r: sin(p / t_j) in the first half of the columns and cos(p / t_j) in the second,
 * t_j = 10000^(j / (width / 2 - 1)), in float32. So do tensor2tensor, OpenNMT-tf and CTranslate2 from position 1
 * on (`generate_sinusoidal_position_encoding`, `src/layers/common.cc`) and Marian from 0 on
 * (`sinusoidalPositionEmbeddings`, `src/graph/node_initializers.cpp`). What `transformers` has for Marian differs:
 * its exponent is j / (width / 2).
 *
 * @param width even, from 4 on
 */
export function sinusoid(name: string, rows: number, width: number, first: number): Weight {
  const half = width / 2;
  const step = Math.fround(Math.fround(Math.log(10_000)) / (half - 1));
  return {
    name,
    shape: [rows, width],
    precision: 'float32',
    async readRows(from, to) {
      const values = new Float32Array((to - from) * width);
      for (let row = from; row < to; row++) {
        const start = (row - from) * width;
        for (let j = 0; j < half; j++) {
          const scale = Math.fround(Math.exp(Math.fround(-step * j)));
          const angle = Math.fround((first + row) * scale);
          values[start + j] = Math.sin(angle);
          values[start + half + j] = Math.cos(angle);
        }
      }
      return values;
    },
  };
}
