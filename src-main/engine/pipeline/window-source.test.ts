import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { AudioPart } from '../../contract/engine-contract.ts';
import { fixture, TestFolder, wavBytes } from '../audio/test-files.ts';
import { noise } from '../audio/test-signals.ts';
import type { AudioWindow } from '../audio/windows.ts';
import { openWindows, type PlannedWindow } from './window-source.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());
const RATE = 16_000;

const options = (windowSeconds: number) => ({
  windowSamples: windowSeconds * RATE,
  samplingRate: RATE,
  signal: new AbortController().signal,
});

async function windowsOf(path: string, part: AudioPart, windowSeconds: number) {
  await using source = await openWindows(path, part, options(windowSeconds));
  const windows: AudioWindow[] = [];
  const planned = source.windows();
  for (let next = await planned.next(); !next.done; next = await planned.next()) {
    windows.push(await next.value.read());
  }
  return { windows, progress: source.progress() };
}

/** Words and pauses of changing lengths. */
function longRecording(): string {
  const minutes = noise(3 * 60 * RATE).map((x, i) => {
    const second = i / RATE;
    const word = Math.sin(2.1 * second) + Math.sin(0.37 * second * Math.PI) > -0.8;
    return (word ? 0.4 : 1e-3) * x;
  });
  return folder.write('long.wav', wavBytes(minutes));
}

describe('the rest of a recording has the windows of the whole', () => {
  const files: readonly (readonly [string, () => string, number])[] = [
    ['three minutes of words and pauses', longRecording, 6],
    ['speech in opus', () => fixture('speech.opus'), 4],
    ['a video', () => fixture('tone-20-video.mp4'), 1],
  ];
  test.each(files)(
    'at every boundary of %s',
    async (_, make, windowSeconds) => {
      const path = make();
      const whole = await windowsOf(path, { type: 'all' }, windowSeconds);
      expect(whole.windows.length).toBeGreaterThan(1);
      for (const [before, window] of whole.windows.entries()) {
        // As it crosses the contract and is stored.
        const start = window.endSample / RATE;
        const rest = await windowsOf(
          path,
          { type: 'rest', index: before + 1, start },
          windowSeconds,
        );
        expect(rest.windows.length).toBe(whole.windows.length - before - 1);
        for (const [i, again] of rest.windows.entries()) {
          const original = whole.windows[before + 1 + i];
          expect({ ...again, samples: null }).toEqual({ ...original, samples: null });
          expect(Buffer.from(again.samples.buffer).equals(bufferOf(original))).toBe(true);
        }
        expect(rest.progress.done).toBe(whole.progress.done);
      }
    },
    120_000,
  );
});

function bufferOf(window: AudioWindow | undefined): Buffer {
  return Buffer.from(window?.samples.buffer ?? new ArrayBuffer(0));
}

describe('given windows', () => {
  const path = fixture('speech.opus');

  test('are those that were cut before, and progress counts them alone', async () => {
    const { windows } = await windowsOf(path, { type: 'all' }, 4);
    const chosen = [windows[1], windows[2], windows[5]].filter((window) => window !== undefined);
    const part: AudioPart = {
      type: 'windows',
      windows: chosen.map(({ index, startSample, endSample }) => {
        return { index, start: startSample / RATE, end: endSample / RATE };
      }),
    };
    const again = await windowsOf(path, part, 4);
    expect(again.windows).toEqual(chosen);
    const seconds = chosen.reduce((sum, { samples }) => sum + samples.length, 0) / RATE;
    expect(again.progress).toEqual({ done: seconds, total: seconds });
  });

  test('that nobody reads do not open the file', async () => {
    const part: AudioPart = { type: 'windows', windows: [{ index: 3, start: 1, end: 2 }] };
    await using source = await openWindows(join(folder.path, 'nowhere.wav'), part, options(4));
    const seen: PlannedWindow[] = [];
    const windows = source.windows();
    for (let next = await windows.next(); !next.done; next = await windows.next()) {
      seen.push(next.value);
    }
    expect(seen).toMatchObject([{ index: 3, startSample: 16_000, endSample: 32_000 }]);
    await expect(seen[0]?.read()).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  test.each([
    ['overlap', [0, 2, 1, 3]],
    ['are out of order', [4, 5, 1, 2]],
    ['are empty', [1, 1, 2, 3]],
    ['are longer than the model takes', [0, 4.5, 5, 6]],
  ] as const)('that %s are refused', async (_, [start, end, start2, end2]) => {
    const windows = [
      { index: 0, start, end },
      { index: 1, start: start2, end: end2 },
    ];
    const opening = openWindows(path, { type: 'windows', windows }, options(4));
    await expect(opening).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });
});
