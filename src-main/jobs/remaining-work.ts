/**
 * What is left of a job, worked out from what is stored. It is asked before every attempt, so going
 * on after a crash, a cancel or a restart is the same as starting.
 */

import type { AudioPart } from '../contract/engine-contract.ts';
import type { JobWork } from '../contract/jobs.ts';
import type { StoredUnit } from './job-store.ts';

/** Windows of a recording for one request to the engine. */
export interface AudioPass {
  /** Null: those of the plan. */
  readonly alphas: readonly number[] | null;
  readonly part: AudioPart;
}

/** Sentences of a text, by index, for one request to the engine. */
export interface TextPass {
  readonly alphas: readonly number[] | null;
  readonly indices: readonly number[];
}

interface MissingVariants {
  readonly alphas: readonly number[];
  readonly units: readonly StoredUnit[];
}

type Variants = Extract<JobWork, { kind: 'variants' }>;

/**
 * Windows follow each other without gaps, so what is stored without a gap from the start is done.
 * The rest may turn out to be empty: only the engine knows where a recording ends.
 */
export function remainingAudio(work: JobWork, units: readonly StoredUnit[]): readonly AudioPass[] {
  switch (work.kind) {
    case 'whole': {
      const done = contiguousPrefix(units);
      const last = done.at(-1);
      const part: AudioPart =
        last === undefined
          ? { type: 'all' }
          : { type: 'rest', index: done.length, start: last.end ?? 0 };
      return [{ alphas: null, part }];
    }
    case 'variants':
      return missingVariants(work, units).map(({ alphas, units: lacking }) => ({
        alphas,
        part: {
          type: 'windows',
          windows: lacking.map(({ index, start, end }) => ({
            index,
            start: start ?? 0,
            end: end ?? 0,
          })),
        },
      }));
  }
}

/** @param sentences how many the text has */
export function remainingText(
  work: JobWork,
  units: readonly StoredUnit[],
  sentences: number,
): readonly TextPass[] {
  switch (work.kind) {
    case 'whole': {
      const stored = new Set(units.map(({ index }) => index));
      const indices = Array.from({ length: sentences }, (_, i) => i).filter((i) => !stored.has(i));
      return indices.length === 0 ? [] : [{ alphas: null, indices }];
    }
    case 'variants':
      return missingVariants(work, units).map(({ alphas, units: lacking }) => ({
        alphas,
        indices: lacking.map(({ index }) => index),
      }));
  }
}

/** The units that a `variants` job is about. */
export function askedUnits(work: Variants, units: readonly StoredUnit[]): readonly StoredUnit[] {
  if (work.units === null) return units;
  const asked = new Set(work.units);
  return units.filter(({ index }) => asked.has(index));
}

/** True where a unit has every α that is asked for. */
export function hasAll(unit: StoredUnit, alphas: readonly number[]): boolean {
  return alphas.every((alpha) => unit.alphas.includes(alpha));
}

/** Units that lack the same α go together: each α is a row of the batch for all of its units. */
function missingVariants(work: Variants, units: readonly StoredUnit[]): readonly MissingVariants[] {
  const asked = [...new Set(work.alphas)];
  const groups = new Map<string, { alphas: readonly number[]; units: StoredUnit[] }>();
  for (const unit of askedUnits(work, units)) {
    const alphas = asked.filter((alpha) => !unit.alphas.includes(alpha));
    if (alphas.length === 0) continue;
    const key = alphas.join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { alphas, units: [unit] });
    else group.units.push(unit);
  }
  return [...groups.values()];
}

function contiguousPrefix(units: readonly StoredUnit[]): readonly StoredUnit[] {
  const gap = units.findIndex((unit, position) => unit.index !== position);
  return gap === -1 ? units : units.slice(0, gap);
}
