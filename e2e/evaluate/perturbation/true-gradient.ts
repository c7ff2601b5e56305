/**
 * models/training/results/true-gradient.json: the cosine of a bundled proxy's step with the gradient of
 * log p(reference), which only Python can measure: it goes through the decoder.
 */

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';

const FILE = resolve(import.meta.dirname, '../../../models/training/results/true-gradient.json');

/** Mean over the inputs, and the ends of its interval. */
const cosineSchema = z.tuple([z.number(), z.number(), z.number()]);
const fileSchema = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({
      items: z.int(),
      cosine: z.object({ whole: cosineSchema, positions: cosineSchema }),
    }),
  ),
);

export interface StepCosine {
  readonly model: string;
  readonly condition: string;
  readonly items: number;
  /** Of the whole encoder output of an input as one vector. */
  readonly whole: readonly [number, number, number];
  /** Position by position, the mean of them. */
  readonly positions: readonly [number, number, number];
}

/** @throws Error where the file is missing or of another format */
export async function readStepCosines(): Promise<readonly StepCosine[]> {
  const models = fileSchema.parse(JSON.parse(await readFile(FILE, 'utf8')));
  return Object.entries(models).flatMap(([model, conditions]) =>
    Object.entries(conditions).map(([condition, { items, cosine }]) => {
      return { model, condition, items, ...cosine };
    }),
  );
}
