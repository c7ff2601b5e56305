import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { MediaEvent } from '../../contract/engine-contract.ts';
import { readPeaks } from '../../media/read-peaks.ts';
import { decodeAudio } from './decode-audio.ts';
import { prepareMedia } from './prepare-media.ts';
import { fixture, gather, TestFolder, wavBytes } from './test-files.ts';
import { amplitudeAt, noise, sine } from './test-signals.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());
const never = new AbortController().signal;

let item: string;
let count = 0;
beforeEach(() => {
  item = join(folder.path, `item-${++count}`);
  mkdirSync(item);
});

function prepare(
  path: string,
  emit: (event: MediaEvent) => void = () => undefined,
  signal = never,
): Promise<void> {
  const [playbackPath, peaksPath] = [join(item, 'playback.opus'), join(item, 'peaks.bin')];
  return prepareMedia({ path, playbackPath, peaksPath }, emit, signal);
}

describe('a recording', () => {
  test.each(['tone-20.mp3', 'tone-3-stereo.wav', 'tone-20.opus', 'tone-20-video.mp4'])(
    '%s becomes a copy with its length, pitch and level, and peaks of its level',
    async (name) => {
      const events: MediaEvent[] = [];
      await prepare(fixture(name), (event) => events.push(event));
      const original = await gather(decodeAudio(fixture(name)));
      const copy = await gather(decodeAudio(join(item, 'playback.opus')));
      expect(Math.abs(copy.length - original.length)).toBeLessThanOrEqual(0.02 * 16_000);
      const middle = copy.subarray(copy.length / 4, (copy.length * 3) / 4);
      expect(Math.abs(amplitudeAt(middle, 440) - 0.5)).toBeLessThan(0.05);
      const seconds = original.length / 16_000;
      const { low, high } = await readPeaks(join(item, 'peaks.bin'), {
        from: seconds / 4,
        to: seconds / 2,
        pieces: 1,
      });
      expect(Math.abs(Math.min(...low) + 0.5)).toBeLessThan(0.06);
      expect(Math.abs(Math.max(...high) - 0.5)).toBeLessThan(0.06);
      const last = events.at(-1);
      expect(last?.type).toBe('done');
      expect(Math.abs((last?.type === 'done' ? last.duration : 0) - seconds)).toBeLessThan(0.01);
      expect(readdirSync(item).sort()).toEqual(['peaks.bin', 'playback.opus']);
    },
  );

  test('keeps its place in time where the sound comes late', async () => {
    const samples = new Float64Array(5 * 16_000);
    samples.set(sine(16_000, 440), 3 * 16_000);
    await prepare(folder.write('late.wav', wavBytes(samples)));
    const { step, high } = await readPeaks(join(item, 'peaks.bin'), {
      from: 0,
      to: 5,
      pieces: 500,
    });
    expect(high.findIndex((value) => value > 0.5) * step).toBeCloseTo(3, 1);
    const copy = await gather(decodeAudio(join(item, 'playback.opus')));
    expect(copy.findIndex((value) => Math.abs(value) > 0.3) / 16_000).toBeCloseTo(3, 1);
  });

  test('is about 32 kbit/s, and progress leads to its end', async () => {
    const path = folder.write('minute.wav', wavBytes(noise(60 * 16_000).map((x) => 0.3 * x)));
    const events: MediaEvent[] = [];
    await prepare(path, (event) => events.push(event));
    const rate = (8 * statSync(join(item, 'playback.opus')).size) / 60;
    expect(rate).toBeGreaterThan(24_000);
    expect(rate).toBeLessThan(40_000);
    const done = events.flatMap((event) => (event.type === 'progress' ? [event.done] : []));
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(events.slice(-2)).toEqual([
      { type: 'progress', done: 60, total: 60 },
      { type: 'done', duration: 60 },
    ]);
  });

  test('that was prepared before is prepared anew', async () => {
    await prepare(fixture('tone-20.mp3'));
    const before = readFileSync(join(item, 'peaks.bin'));
    await prepare(fixture('tone-20.mp3'));
    expect(readFileSync(join(item, 'peaks.bin'))).toEqual(before);
  });
});

describe('nothing is left', () => {
  test('of a cancelled preparation', async () => {
    const path = folder.write('long.wav', wavBytes(noise(120 * 16_000)));
    const cancel = new AbortController();
    let parts: readonly string[] = [];
    const preparing = prepare(
      path,
      ({ type }) => {
        if (type === 'progress') parts = readdirSync(item);
        cancel.abort();
      },
      cancel.signal,
    );
    await expect(preparing).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(parts).toEqual(['playback.opus.part']);
    expect(readdirSync(item)).toEqual([]);
  });

  test.each([
    ['FILE_NOT_FOUND', () => join(folder.path, 'nowhere.wav')],
    ['MEDIA_UNRECOGNISED', () => folder.write('text.mp3', 'This is no sound at all.')],
    ['MEDIA_TRUNCATED', () => folder.writeCut('tone-20.flac', 0.5)],
    ['AUDIO_EMPTY', () => folder.write('empty.wav', wavBytes([]))],
  ])('of a file with the error %s', async (code, make) => {
    await expect(prepare(make())).rejects.toMatchObject({ code });
    expect(readdirSync(item)).toEqual([]);
  });

  test('where the folder is not there, and the error says so', async () => {
    item = join(folder.path, 'gone');
    const preparing = prepare(fixture('tone-20.mp3'));
    await expect(preparing).rejects.toMatchObject({ code: 'OUTPUT_NOT_WRITABLE' });
    expect(existsSync(item)).toBe(false);
  });

  test.runIf(existsSync('/dev/full'))('of a full disk, and the error says so', async () => {
    symlinkSync('/dev/full', join(item, 'playback.opus.part'));
    await expect(prepare(fixture('tone-20.mp3'))).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(readdirSync(item)).toEqual([]);
  });

  test('where only one of the files can be put in place', async () => {
    mkdirSync(join(item, 'peaks.bin'));
    const preparing = prepare(fixture('tone-20.mp3'));
    await expect(preparing).rejects.toMatchObject({ code: 'OUTPUT_NOT_WRITABLE' });
    expect(readdirSync(item)).toEqual(['peaks.bin']);
  });
});
