/** Files that the formats' own libraries wrote, and what reading them must give. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Weight } from './weight-table.ts';

const Expected = z.record(z.string(), z.object({ shape: z.array(z.number()), sha256: z.string() }));

/** @param file below e2e/fixtures/weights */
export function fixturePath(file: string): string {
  return fileURLToPath(new URL(`../../../e2e/fixtures/weights/${file}`, import.meta.url));
}

/** Shapes, and SHA-256 of the float32 values, by name. */
export function expectedOf(folder: string): z.infer<typeof Expected> {
  return Expected.parse(JSON.parse(readFileSync(fixturePath(`${folder}/expected.json`), 'utf8')));
}

/** What the weights are in the terms of `expectedOf`, read in two parts. */
export async function describedWeights(
  weights: Iterable<Weight>,
): Promise<z.infer<typeof Expected>> {
  const described: z.infer<typeof Expected> = {};
  for (const { name, shape, readRows } of weights) {
    const rows = shape[0] ?? 1;
    const middle = Math.floor(rows / 3);
    const parts = [await readRows(0, middle), await readRows(middle, rows)];
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    described[name] = { shape: [...shape], sha256: hash.digest('hex') };
  }
  return described;
}
