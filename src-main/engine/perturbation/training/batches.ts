/** Which examples share a step: of like length, since a batch is as long as its longest. */

import type { Random } from '../../../evaluation/random.ts';

/** Batches that are sorted by length together. More would make them alike, fewer pads more. */
const SORTED_TOGETHER = 16;

/**
 * All examples once, in batches of exactly `size` (what is left over waits for the next epoch), or
 * in one where there are fewer.
 */
export function shuffledBatches(
  lengths: readonly number[],
  size: number,
  random: Random,
): readonly (readonly number[])[] {
  const order = shuffled([...lengths.keys()], random);
  if (order.length <= size) return [order];
  const block = SORTED_TOGETHER * size;
  const batches: number[][] = [];
  const sorted: number[] = [];
  for (let start = 0; start < order.length; start += block) {
    const part = order.slice(start, start + block);
    sorted.push(...part.sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0)));
  }
  for (let start = 0; start + size <= sorted.length; start += size) {
    batches.push(sorted.slice(start, start + size));
  }
  return shuffled(batches, random);
}

/** All examples once, the longest together. */
export function sortedBatches(
  lengths: readonly number[],
  size: number,
): readonly (readonly number[])[] {
  const order = [...lengths.keys()].sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0));
  return Array.from({ length: Math.ceil(order.length / size) }, (_, i) =>
    order.slice(i * size, (i + 1) * size),
  );
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const list = [...items];
  for (let i = list.length - 1; i > 0; i--) {
    const other = random.integer(i + 1);
    [list[i], list[other]] = [list[other] as T, list[i] as T];
  }
  return list;
}
