import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minutesLeft, progressed, rested, type TimeLeft, UNKNOWN_TIME } from './time-left.ts';

/** One thing that is heard of a job. */
const heard = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      passed: fc.double({ min: 0, max: 1e6, noNaN: true }),
      more: fc.double({ min: 0, max: 50, noNaN: true }),
      total: fc.option(fc.double({ min: 0, max: 1000, noNaN: true })),
    }),
  },
  { weight: 1, arbitrary: fc.constant('rest' as const) },
);

function follow(events: readonly (typeof heard extends fc.Arbitrary<infer T> ? T : never)[]) {
  let state: TimeLeft = UNKNOWN_TIME;
  let at = 0;
  let done = 0;
  return events.map((event) => {
    if (event === 'rest') {
      state = rested(state);
      return { done, total: null, shown: state.shown };
    }
    at += event.passed;
    done += event.more;
    state = progressed(state, done, event.total, at);
    return { done, total: event.total, shown: state.shown };
  });
}

test('what is shown never grows, never vanishes, and is a length of time', () => {
  fc.assert(
    fc.property(fc.array(heard, { maxLength: 60 }), (events) => {
      let before: number | null = null;
      for (const { shown } of follow(events)) {
        if (before !== null) expect(shown).not.toBeNull();
        if (shown === null) continue;
        expect(Number.isFinite(shown) && shown >= 0).toBe(true);
        if (before !== null) expect(shown).toBeLessThanOrEqual(before);
        before = shown;
      }
    }),
  );
});

test('nothing is shown before a twentieth is done', () => {
  fc.assert(
    fc.property(fc.array(heard, { maxLength: 60 }), (events) => {
      const steps = follow(events);
      const first = steps.findIndex(({ shown }) => shown !== null);
      if (first === -1) return;
      const { done, total } = steps[first] ?? { done: 0, total: null };
      expect(total).not.toBeNull();
      expect(done).toBeGreaterThanOrEqual(0.05 * (total ?? Number.POSITIVE_INFINITY));
    }),
  );
});

test('an even pace is told exactly, also where the job was half done before', () => {
  const pace = fc.record({
    from: fc.integer({ min: 0, max: 500 }),
    total: fc.integer({ min: 1000, max: 5000 }),
    perUnit: fc.integer({ min: 20, max: 5000 }),
  });
  fc.assert(
    fc.property(pace, ({ from, total, perUnit }) => {
      let state = UNKNOWN_TIME;
      for (let done = from; done <= total; done += 1) {
        state = progressed(state, done, total, (done - from) * perUnit);
        if (state.shown === null) continue;
        const truth = (total - done) * perUnit;
        expect(Math.abs(state.shown - truth)).toBeLessThanOrEqual(1e-6 * (truth + perUnit));
      }
      expect(state.shown).toBeCloseTo(0, 3);
    }),
    { numRuns: 20 },
  );
});

test('the time in which a job rests is not taken for slowness', () => {
  let state = UNKNOWN_TIME;
  for (let done = 0; done <= 20; done += 1) state = progressed(state, done, 100, done * 1000);
  expect(state.shown).toBeCloseTo(80_000);
  state = rested(state);
  for (let done = 20; done <= 30; done += 1) {
    state = progressed(state, done, 100, 3_600_000 + done * 1000);
  }
  expect(state.shown).toBeCloseTo(70_000);
});

test('a job that slows down keeps what was promised and does not promise more', () => {
  let state = UNKNOWN_TIME;
  for (let done = 0; done <= 10; done += 1) state = progressed(state, done, 100, done * 1000);
  for (let done = 11; done <= 20; done += 1) {
    state = progressed(state, done, 100, 10_000 + (done - 10) * 60_000);
  }
  expect(state.shown).toBeCloseTo(90_000);
});

test('minutes are rounded up, and the last one is no number', () => {
  expect([0, 59_999, 60_000, 61_000, 3_600_000].map(minutesLeft)).toEqual([0, 0, 1, 2, 60]);
});
