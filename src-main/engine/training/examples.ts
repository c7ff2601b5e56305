/**
 * Examples by what their model input is: equal inputs are one example with several references, so
 * that nothing of the test set is in the training set. Which set an input is in depends on the input
 * and the seed alone.
 */

import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled, VeerError } from '../../contract/errors.ts';
import type { ProxyMetric } from '../../contract/proxy-metric.ts';
import type { TrainingExample } from '../../contract/proxy-training.ts';
import { sha256OfFile } from '../files/sha256.ts';

export type Split = 'train' | 'dev' | 'test';

export interface Example {
  /** Names the input: SHA-256 of the file or of the text. */
  readonly key: string;
  readonly source: TrainingExample['source'];
  readonly references: readonly string[];
  /** Mean of the scores given; null without. */
  readonly score: number | null;
}

export interface Skipped {
  readonly example: string;
  readonly reason: string;
}

/** Turns of the event loop are given up this often, so that a cancel is heard. */
const AT_ONCE = 50;

/** @returns the examples in the order of their first appearance */
export async function distinctExamples(
  given: readonly TrainingExample[],
  signal: AbortSignal,
  onSkipped: (skipped: Skipped) => void,
): Promise<readonly Example[]> {
  const groups = new Map<string, TrainingExample[]>();
  for (const [i, example] of given.entries()) {
    if (i % AT_ONCE === 0) await nextTurn();
    throwIfCancelled(signal);
    const key = await keyOf(example.source).catch(() => null);
    if (key === null) onSkipped({ example: nameOf(example.source), reason: 'it cannot be read' });
    else groups.set(key, [...(groups.get(key) ?? []), example]);
  }
  return [...groups].flatMap(([key, same]) => {
    const [first] = same;
    if (first === undefined) return [];
    const scores = same.flatMap(({ score }) => (score === null ? [] : [score]));
    const sum = scores.reduce((total, score) => total + score, 0);
    return [
      {
        key,
        source: first.source,
        references: [...new Set(same.flatMap(({ references }) => references))],
        score: scores.length === 0 ? null : sum / scores.length,
      },
    ];
  });
}

/** 80 % train, 10 % dev, 10 % test. */
export function splitOf({ key }: Pick<Example, 'key'>, seed: number): Split {
  const hash = createHash('sha256').update(`${seed} ${key}`).digest().readUInt32LE(0);
  const tenth = Math.floor((10 * hash) / 2 ** 32);
  return tenth === 8 ? 'dev' : tenth === 9 ? 'test' : 'train';
}

/** SHA-256 over what was learned from. */
export function digestOf(examples: readonly Example[]): string {
  const hash = createHash('sha256');
  for (const { key, references, score } of examples) {
    hash.update(JSON.stringify([key, references, score]));
  }
  return hash.digest('hex');
}

/** For messages. */
export function nameOf(source: TrainingExample['source']): string {
  return source.type === 'audio' ? source.path : `“${source.text.slice(0, 60)}”`;
}

const NEED_NO_REFERENCE: readonly ProxyMetric[] = ['log-probability', 'round-trip-chrf'];

/** @throws VeerError OPTION_INVALID where examples have not what the metric needs */
export function requireScorable(examples: readonly Example[], metric: ProxyMetric): void {
  const enough = examples.every(({ references, score }) => {
    if (NEED_NO_REFERENCE.includes(metric)) return true;
    return metric === 'score' ? score !== null : references.length > 0;
  });
  if (enough) return;
  throw new VeerError(
    'OPTION_INVALID',
    metric === 'score'
      ? 'Some examples have no score. Give every row one, or choose another --metric.'
      : `Some examples have no reference, which ${metric} needs. Add references, or use --metric ${NEED_NO_REFERENCE.join(' or ')}.`,
  );
}

async function keyOf(source: TrainingExample['source']): Promise<string> {
  if (source.type === 'audio') return sha256OfFile(source.path);
  return createHash('sha256').update(source.text).digest('hex');
}
