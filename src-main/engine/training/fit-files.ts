/**
 * Keeps a fit on the disk between two epochs, so that it goes on after a kill. What is kept belongs
 * to exactly one training (its examples, options and encoder); any other begins anew.
 */

import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { FitState, SavedFit } from '../perturbation/training/fit-state.ts';

const headSchema = z.object({
  training: z.string(),
  size: z.int(),
  steps: z.int(),
  epoch: z.int(),
  best: z.number(),
  bestEpoch: z.int(),
});

/** Arrays of a file, one behind the other. */
const ARRAYS = ['weights', 'first', 'second', 'bestWeights'] as const;

/** @param training names what is trained, on what and how */
export function fitFiles(directory: string, training: string): SavedFit {
  const path = (member: number) => join(directory, `fit-${member}.bin`);
  return {
    load: async (member, size) => {
      const bytes = await readFile(path(member)).catch(() => null);
      return bytes === null ? null : parse(bytes, training, size);
    },
    save: async (member, state) => {
      await mkdir(directory, { recursive: true });
      const temporary = `${path(member)}.${process.pid}.part`;
      await writeFile(temporary, serialise(state, training));
      await rename(temporary, path(member));
    },
  };
}

export async function removeFitFiles(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

/** A line of JSON, then the numbers. */
function serialise(state: FitState, training: string): Buffer {
  const { steps, epoch, best, bestEpoch, weights } = state;
  const head = { training, size: weights.length, steps, epoch, best, bestEpoch };
  const numbers = ARRAYS.map((name) => {
    const { buffer, byteOffset, byteLength } = state[name];
    return Buffer.from(buffer, byteOffset, byteLength);
  });
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...numbers]);
}

function parse(bytes: Buffer, training: string, size: number): FitState | null {
  const end = bytes.indexOf('\n');
  const head = headSchema.safeParse(parseJson(bytes.toString('utf8', 0, Math.max(0, end))));
  const start = end + 1;
  if (!head.success || head.data.training !== training || head.data.size !== size) return null;
  if (bytes.length !== start + ARRAYS.length * size * 4) return null;
  const array = (place: number) => {
    const from = start + place * size * 4;
    return new Float32Array(Uint8Array.from(bytes.subarray(from, from + size * 4)).buffer);
  };
  const { steps, epoch, best, bestEpoch } = head.data;
  const [weights, first, second, bestWeights] = [array(0), array(1), array(2), array(3)];
  return { weights, first, second, bestWeights, steps, epoch, best, bestEpoch };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
