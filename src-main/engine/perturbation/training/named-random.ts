/** Random numbers by purpose: what is drawn for one thing does not depend on what was drawn before. */

import { createHash } from 'node:crypto';
import { Random } from '../../../evaluation/random.ts';

export function namedRandom(seed: number, purpose: string): Random {
  return new Random(createHash('sha256').update(`${seed} ${purpose}`).digest().readUInt32LE(0));
}
