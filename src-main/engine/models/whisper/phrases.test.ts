import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { phrasesOf, stepsWritten, timedBefore } from './phrases.ts';

fc.configureGlobal({ seed: 1 });

const FIRST = 100;
const clock = { firstTimestamp: FIRST, secondsPerStep: 0.02, duration: 3 };
/** Token of a time in seconds. */
const at = (seconds: number) => FIRST + Math.round(seconds * 50);

describe('phrases', () => {
  test('begin and end at the timestamps around them', () => {
    const ids = [at(0), 1, 2, at(1.2), at(1.5), 3, at(2)];
    expect(phrasesOf(ids, clock)).toEqual([
      { start: 0, end: 1.2, tokenIds: [1, 2] },
      { start: 1.5, end: 2, tokenIds: [3] },
    ]);
  });

  test('last to the end of the window where no time follows, and no longer', () => {
    expect(phrasesOf([at(0.5), 1], clock)).toEqual([{ start: 0.5, end: 3, tokenIds: [1] }]);
    expect(phrasesOf([1, at(9)], clock)).toEqual([{ start: 0, end: 3, tokenIds: [1] }]);
    expect(phrasesOf([], clock)).toEqual([]);
  });

  test('hold every text token once, in order, and never overlap', () => {
    const ids = fc.array(fc.oneof(fc.nat(9), fc.integer({ min: FIRST, max: FIRST + 200 })));
    fc.assert(
      fc.property(ids, (raw) => {
        const times = raw.filter((id) => id >= FIRST).sort((a, b) => a - b);
        const tokens = raw.map((id) => (id >= FIRST ? (times.shift() as number) : id));
        const phrases = phrasesOf(tokens, clock);
        expect(phrases.flatMap(({ tokenIds }) => tokenIds)).toEqual(
          tokens.filter((id) => id < FIRST),
        );
        let before = 0;
        for (const { start, end } of phrases) {
          expect(start).toBeGreaterThanOrEqual(before);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(clock.duration);
          before = end;
        }
      }),
    );
  });
});

describe('what of a window was written down', () => {
  test.each([
    ['up to the last pair of times', [at(0), 1, at(1), at(1.2), 2, at(2), at(2), 3], 100],
    [
      'all, where one time at the end says that nothing follows',
      [at(0), 1, at(1), at(1), 2, at(2)],
      null,
    ],
    ['all, where there is no pair', [at(0), 1, at(1)], null],
    ['all, where nothing is written', [], null],
    ['up to a pair at the very end', [at(0), 1, at(1), at(1)], 50],
    ['all, where the pair would not lead on', [at(0), at(0), 1], null],
  ])('%s', (_, ids, steps) => {
    expect(stepsWritten(ids, FIRST)).toBe(steps);
  });

  test('keeps the tokens up to the time from which the next window goes on', () => {
    const ids = [at(0), 1, at(1), at(1.2), 2, at(2), at(2), 3];
    expect(timedBefore(ids, FIRST, 100)).toEqual(ids.slice(0, 6));
    // Another output with other times: a phrase that began before counts.
    expect(timedBefore([at(0), 1, at(2.5), at(2.6), 2], FIRST, 100)).toEqual([at(0), 1, at(2.5)]);
    expect(timedBefore([at(0), 1], FIRST, 100)).toEqual([at(0), 1]);
  });
});
