import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bounds, fitToScreens, WindowStateFile } from './window-state.ts';

const laptop: Bounds = { x: 0, y: 25, width: 1440, height: 875 };
const beside: Bounds = { x: 1440, y: 0, width: 1920, height: 1080 };

test('a first start has the usual size and lets the system place the window', () => {
  expect(fitToScreens(null, [laptop])).toEqual({
    bounds: { width: 1200, height: 800 },
    maximized: false,
  });
});

test('a small screen gets a small window', () => {
  const small = { x: 0, y: 0, width: 800, height: 560 };
  expect(fitToScreens(null, [small]).bounds).toEqual({ width: 800, height: 560 });
});

test('a window comes back where it was, on the screen where it was', () => {
  const bounds = { x: 1600, y: 100, width: 1000, height: 700 };
  expect(fitToScreens({ bounds, maximized: true }, [laptop, beside])).toEqual({
    bounds,
    maximized: true,
  });
});

test('a window of a screen that is gone keeps its size and is placed anew', () => {
  const bounds = { x: 1600, y: 100, width: 1000, height: 700 };
  expect(fitToScreens({ bounds, maximized: false }, [laptop]).bounds).toEqual({
    width: 1000,
    height: 700,
  });
});

test('a window that stands half outside is moved inside', () => {
  const bounds = { x: 1000, y: -300, width: 1000, height: 700 };
  expect(fitToScreens({ bounds, maximized: false }, [laptop]).bounds).toEqual({
    x: 440,
    y: 25,
    width: 1000,
    height: 700,
  });
});

test('whatever was stored, a placed window lies wholly on one screen', () => {
  const coordinate = fc.integer({ min: -5000, max: 5000 });
  const length = fc.integer({ min: 1, max: 6000 });
  const stored = fc.record({ x: coordinate, y: coordinate, width: length, height: length });
  fc.assert(
    fc.property(stored, (bounds) => {
      const fitted = fitToScreens({ bounds, maximized: false }, [laptop, beside]).bounds;
      if (!('x' in fitted)) return;
      const inside = [laptop, beside].some(
        (area) =>
          fitted.x >= area.x &&
          fitted.y >= area.y &&
          fitted.x + fitted.width <= area.x + area.width &&
          fitted.y + fitted.height <= area.y + area.height,
      );
      expect(inside).toBe(true);
    }),
    { seed: 4 },
  );
});

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'veer-window-'));
});
afterEach(() => rm(directory, { recursive: true }));

test('a state that was written is read again, and no temporary file is left', async () => {
  const file = new WindowStateFile(join(directory, 'new', 'window.json'));
  const state = { bounds: { x: 1, y: 2, width: 600, height: 500 }, maximized: true };
  await file.write(state);
  expect(await file.read()).toEqual(state);
  expect(await readdir(join(directory, 'new'))).toEqual(['window.json']);
});

test.each([
  '',
  '{',
  '{"bounds":{"x":"a"}}',
  '{"bounds":{"x":0,"y":0,"width":0,"height":1e99},"maximized":false}',
])('a damaged file (%s) is as good as none', async (text) => {
  const path = join(directory, 'window.json');
  await writeFile(path, text);
  expect(await new WindowStateFile(path).read()).toBeNull();
});

test('a state that cannot be stored leaves the old one', async () => {
  const path = join(directory, 'window.json');
  const file = new WindowStateFile(path);
  await file.write({ bounds: null, maximized: true });
  const before = await readFile(path, 'utf8');
  await file.write({ bounds: { x: 0.5, y: 0, width: 1, height: 1 }, maximized: false });
  expect(await readFile(path, 'utf8')).toBe(before);
});
