import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TestApplication } from '../test-application.ts';
import { columnsOf, loudestOf, pathOf } from './peaks-path.ts';
import { DrawnPeaks, PeaksState } from './peaks-state.svelte.ts';
import { windowAt, windowLengths } from './peaks-window.ts';

const HOURS = 4 * 3600;

test('a window has its length, stays inside the recording, and shows the moment', () => {
  const moments = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: HOURS, noNaN: true }),
      fc.array(moments),
      (duration, parts) => {
        for (const length of windowLengths(duration)) {
          let window = null;
          for (const part of parts) {
            const time = part * duration;
            window = windowAt(time, length, duration, window);
            expect(window.to - window.from).toBeCloseTo(length, 6);
            expect(window.from).toBeGreaterThanOrEqual(0);
            expect(window.to).toBeLessThanOrEqual(duration + 1e-6);
            expect(time).toBeGreaterThanOrEqual(window.from);
            expect(time).toBeLessThanOrEqual(window.to + 1e-6);
          }
        }
      },
    ),
  );
});

test('a window that was just chosen stays, also for a moment behind the end', () => {
  const times = fc.double({ min: 0, max: 1.01, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: 1, max: HOURS, noNaN: true }), times, (duration, part) => {
      for (const length of windowLengths(duration)) {
        const window = windowAt(part * duration, length, duration, null);
        expect(windowAt(part * duration, length, duration, window)).toBe(window);
      }
    }),
  );
});

test('the window stands still while the moment is in it', () => {
  const first = windowAt(100, 30, 1000, null);
  expect(windowAt(120, 30, 1000, first)).toBe(first);
  expect(windowAt(130, 30, 1000, first)).toEqual({ from: 127, to: 157 });
});

test('each column has the lowest and the highest piece that reaches into it', () => {
  const sample = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(sample, { minLength: 1 }),
      fc.integer({ min: 1, max: 50 }),
      (samples, count) => {
        const peaks = { from: 0, step: 1, low: samples, high: samples };
        const { low, high } = columnsOf(peaks, { from: 0, to: samples.length }, count);
        expect([low.length, high.length]).toEqual([count, count]);
        expect(Math.min(...low)).toBe(Math.min(0, ...samples));
        expect(Math.max(...high)).toBe(Math.max(0, ...samples));
      },
    ),
  );
});

test('beyond the recording there is silence, and a quiet recording fills the height', () => {
  const peaks = { from: 0, step: 1, low: [-0.25, 0], high: [0.25, 0] };
  expect(columnsOf(peaks, { from: 0, to: 4 }, 4).high).toEqual([0.25, 0, 0, 0]);
  expect(loudestOf(peaks)).toBe(0.25);
  expect(pathOf(peaks, { from: 0, to: 2 }, 2, 0.25)).toBe('M0 0.000L1 0.980L1 1.020L0 2.000Z');
});

test('while one answer is awaited, only the last of the later questions is asked', async () => {
  const app = new TestApplication();
  const drawn = new DrawnPeaks(app.client);
  const itemId = crypto.randomUUID();
  const first = drawn.ask(itemId, { from: 0, to: 10 }, 300);
  for (const from of [10, 20, 30]) void drawn.ask(itemId, { from, to: from + 10 }, 300);
  await first;
  expect(app.peaksAsked.map(({ from, pieces }) => [from, pieces])).toEqual([
    [0, 512],
    [30, 512],
  ]);
  expect(drawn.answer?.from).toBe(30);
});

test('what is drawn already is not asked for again', async () => {
  const app = new TestApplication();
  const drawn = new DrawnPeaks(app.client);
  const itemId = crypto.randomUUID();
  for (const columns of [300, 301, 512]) await drawn.ask(itemId, { from: 0, to: 10 }, columns);
  expect(app.peaksAsked).toHaveLength(1);
});

test('a long recording is opened with two minutes of it and can be looked at closer', () => {
  const peaks = new PeaksState(new TestApplication().client);
  const itemId = crypto.randomUUID();
  peaks.show(itemId, 3000, HOURS);
  expect(peaks.window).toEqual({ from: 2988, to: 3108 });
  peaks.zoom(1);
  peaks.show(itemId, 3000, HOURS);
  expect(peaks.window).toEqual({ from: 2985, to: 3015 });
  peaks.zoom(1);
  expect([peaks.canZoomIn, peaks.canZoomOut]).toEqual([false, true]);
});

test('a short recording is shown as a whole', () => {
  const peaks = new PeaksState(new TestApplication().client);
  peaks.show(crypto.randomUUID(), 3, 7.5);
  expect(peaks.window).toEqual({ from: 0, to: 7.5 });
  expect([peaks.canZoomIn, peaks.canZoomOut]).toEqual([false, false]);
});
