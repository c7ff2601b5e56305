import fc from 'fast-check';
import { expect, test } from 'vitest';
import { whisperReference } from '../models/whisper/test-reference.ts';
import { overlapCut } from './overlap-cut.ts';

fc.configureGlobal({ seed: 1 });

function joined(chunks: readonly (readonly number[])[]): readonly number[] {
  const total: number[] = [];
  let open: readonly number[] = chunks[0] ?? [];
  for (const next of chunks.slice(1)) {
    const cut = overlapCut(open, next);
    total.push(...open.slice(0, cut.left));
    open = next.slice(cut.right);
  }
  return [...total, ...open];
}

test('texts are joined as the Python library joins them', () => {
  expect(whisperReference.merges.length).toBeGreaterThanOrEqual(60);
  for (const { chunks, ids } of whisperReference.merges) expect(joined(chunks)).toEqual(ids);
});

test('two halves that share a stretch without repetition give the whole', () => {
  const whole = fc.uniqueArray(fc.nat(10_000), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(whole, fc.nat(), fc.nat(), (ids, a, b) => {
      const from = a % (ids.length - 1);
      const to = Math.min(ids.length, from + 2 + (b % ids.length));
      expect(joined([ids.slice(0, to), ids.slice(from)])).toEqual(ids);
    }),
  );
});

test('texts that share nothing, or one token, stand one after the other', () => {
  expect(overlapCut([1, 2, 3], [3, 4])).toEqual({ left: 3, right: 0 });
  expect(overlapCut([], [3, 4])).toEqual({ left: 0, right: 0 });
  expect(overlapCut([1, 2], [])).toEqual({ left: 2, right: 0 });
});
