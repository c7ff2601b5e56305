/** Files of numbers that are written anew while somebody may read them. */

import { rename, writeFile } from 'node:fs/promises';

/** Whole or not at all: a reader never sees half of it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.tmp`, text);
  await rename(`${path}.tmp`, path);
}
