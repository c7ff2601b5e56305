/** Files from before there were aliases hold a shared table several times. */

import { BYTES_OF } from '../decode-values.ts';
import type { ModelFile, Variable } from './model-file.ts';

/** Names of tables that models share, the one to keep first. */
const SHARED = [
  'decoder/embeddings/weight',
  'decoder/projection/weight',
  'encoder/embeddings_0/weight',
  'encoder/embeddings/weight',
];
const AT_A_TIME = 1 << 20;

/**
 * The file with equal tables of embeddings under one variable, as aliases would have them.
 *
 * @throws VeerError MODEL_FILE_DAMAGED where the file ends within one
 */
export async function withSharedTables(file: ModelFile): Promise<ModelFile> {
  if (file.binaryVersion >= 3) return file;
  const variables = new Map(file.variables);
  const kept: Variable[] = [];
  for (const name of SHARED) {
    const variable = variables.get(name);
    if (variable === undefined) continue;
    const same = await firstEqual(file, kept, variable);
    if (same === undefined) kept.push(variable);
    else variables.set(name, same);
  }
  return { ...file, variables };
}

async function firstEqual(
  file: ModelFile,
  variables: readonly Variable[],
  variable: Variable,
): Promise<Variable | undefined> {
  for (const other of variables) if (await equal(file, other, variable)) return other;
  return undefined;
}

/** Same type, shape and bytes. Scales follow from equal weights only nearly, so they are compared, too. */
async function equal(file: ModelFile, one: Variable, other: Variable): Promise<boolean> {
  if (one.type !== other.type || one.shape.join() !== other.shape.join()) return false;
  const bytes = one.elements * BYTES_OF[one.type];
  for (let done = 0; done < bytes; done += AT_A_TIME) {
    const count = Math.min(AT_A_TIME, bytes - done);
    const [a, b] = await Promise.all([
      file.source.read(one.offset + done, count),
      file.source.read(other.offset + done, count),
    ]);
    if (!a.equals(b)) return false;
  }
  const scale = file.variables.get(`${one.name}_scale`);
  const otherScale = file.variables.get(`${other.name}_scale`);
  if (scale === undefined || otherScale === undefined) return scale === otherScale;
  return equal(file, scale, otherScale);
}
