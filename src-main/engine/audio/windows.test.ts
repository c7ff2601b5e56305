import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAudio } from './decode-audio.ts';
import { fixture } from './test-files.ts';
import { noise, sine } from './test-signals.ts';
import { type AudioWindow, splitIntoWindows, type WindowOptions } from './windows.ts';

const RATE = 16_000;

async function* inPieces(samples: Float32Array, lengths: readonly number[]) {
  let at = 0;
  for (let i = 0; at < samples.length; i++) {
    const length = lengths.length === 0 ? samples.length : (lengths[i % lengths.length] as number);
    yield samples.subarray(at, at + length);
    at += length;
  }
}

async function windowsOf(
  chunks: AsyncIterable<Float32Array>,
  windowSeconds: number,
): Promise<readonly AudioWindow[]> {
  const options = { windowSamples: Math.round(windowSeconds * RATE), samplingRate: RATE };
  const windows: AudioWindow[] = [];
  for await (const window of splitIntoWindows(chunks, options)) windows.push(window);
  return windows;
}

/** Bursts of noise that stand for words; pauses between them hold faint noise. */
function bursts(lengths: readonly (readonly [sound: number, pause: number])[], floor = 1e-3) {
  const loudness = lengths.flatMap(([sound, pause]) => [
    ...new Array<number>(Math.round(sound * RATE)).fill(0.3),
    ...new Array<number>(Math.round(pause * RATE)).fill(floor),
  ]);
  const hiss = noise(loudness.length);
  return Float32Array.from(loudness, (level, i) => level * (hiss[i] as number));
}

test('every sample is in exactly one window, however the stream is chunked', async () => {
  const piece = fc.record({
    kind: fc.constantFrom('noise', 'tone', 'silence', 'quiet'),
    length: fc.integer({ min: 1, max: 6000 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 8000 }),
      async (pieces, lengths, windowSamples) => {
        const samples = Float32Array.from(
          pieces.flatMap(({ kind, length }) => {
            if (kind === 'noise') return [...noise(length)];
            if (kind === 'tone') return [...sine(length, 300)];
            return [...noise(length).map((x) => (kind === 'quiet' ? 1e-4 * x : 0))];
          }),
        );
        const seconds = windowSamples / RATE;
        const windows = await windowsOf(inPieces(samples, lengths), seconds);
        let end = 0;
        for (const [i, window] of windows.entries()) {
          expect(window.index).toBe(i);
          expect(window.startSample).toBe(end);
          expect(window.samples.length).toBe(window.endSample - window.startSample);
          expect(window.samples.length).toBeGreaterThan(0);
          expect(window.samples.length).toBeLessThanOrEqual(windowSamples);
          expect(window.samples).toEqual(samples.slice(end, window.endSample));
          end = window.endSample;
        }
        expect(end).toBe(samples.length);
        expect(await windowsOf(inPieces(samples, []), seconds)).toEqual(windows);
      },
    ),
    { numRuns: 60, seed: 7 },
  );
});

test('no audio gives no window', async () => {
  expect(await windowsOf(inPieces(new Float32Array(0), []), 1)).toEqual([]);
});

test.each([
  [96_000, 1],
  [96_001, 2],
])('%d samples make %d windows of 6 s', async (count, expected) => {
  const samples = Float32Array.from(noise(count));
  expect((await windowsOf(inPieces(samples, [16_000]), 6)).length).toBe(expected);
});

describe('the cut', () => {
  const cutOf = async (samples: Float32Array) =>
    ((await windowsOf(inPieces(samples, [16_000]), 6))[0]?.endSample ?? 0) / RATE;

  test('lies in the middle of the longest pause in the later part', async () => {
    const samples = bursts([
      [1, 1],
      [1.5, 0.2],
      [0.8, 0.4],
      [0.9, 0.15],
      [3, 0],
    ]);
    expect(await cutOf(samples)).toBeCloseTo(4.7, 1);
  });

  test.each([1e-5, 1e-2, 0.06])('finds the pause over a noise floor of %d', async (floor) => {
    const samples = bursts(
      [
        [3.1, 0.1],
        [1, 0.3],
        [3, 0],
      ],
      floor,
    );
    expect(await cutOf(samples)).toBeCloseTo(4.35, 1);
  });

  test.each([1, 0.01])('is the same at %d times the level', async (gain) => {
    const samples = bursts([
      [4, 0.3],
      [3, 0],
    ]).map((x) => gain * x);
    expect(await cutOf(samples)).toBeCloseTo(4.15, 1);
  });

  test('is not misled by an offset of the microphone', async () => {
    const samples = bursts([
      [4, 0.3],
      [3, 0],
    ]).map((x) => x + 0.2);
    expect(await cutOf(samples)).toBeCloseTo(4.15, 1);
  });

  test('does not prefer a click of digital silence to a real pause', async () => {
    const samples = bursts([
      [3, 0.4],
      [4, 0],
    ]);
    samples.fill(0, 5 * RATE, 5.05 * RATE);
    expect(await cutOf(samples)).toBeCloseTo(3.2, 1);
  });

  test('does not take the words of a soft speaker for a pause', async () => {
    const samples = bursts([
      [3, 0.15],
      [0.5, 0.3],
      [0.5, 0.15],
      [3, 0],
    ]);
    // Everything between the loud words is 30 dB softer than they are, and 20 dB above the floor.
    for (const [from, to] of [
      [3.15, 3.65],
      [3.95, 4.45],
    ] as const) {
      for (let i = from * RATE; i < to * RATE; i++) samples[i] = (samples[i] as number) / 30;
    }
    expect(await cutOf(samples)).toBeCloseTo(3.8, 1);
  });

  test('takes the quietest place where there is no pause', async () => {
    const swell = sine(8 * RATE, 0.25);
    const hiss = noise(8 * RATE);
    // Quietest at 3 s, by a factor of 4 only.
    const samples = Float32Array.from(hiss, (x, i) => x * (0.5 + 0.3 * (swell[i] as number)));
    expect(await cutOf(samples)).toBeCloseTo(3, 0);
  });
});

test('digital silence is flagged, faint noise is not', async () => {
  const samples = new Float32Array(40 * RATE);
  samples.set(
    noise(RATE).map((x) => 1e-3 * x),
    0,
  );
  const windows = await windowsOf(inPieces(samples, [RATE]), 6);
  expect(windows[0]?.silent).toBe(false);
  expect(windows.slice(1).every((window) => window.silent)).toBe(true);
  // Silence needs no pauses: its windows are as long as they can be.
  expect(windows.length).toBeLessThanOrEqual(8);
});

describe('words of speech are left whole', () => {
  const { pauses }: { pauses: readonly (readonly [number, number])[] } = JSON.parse(
    readFileSync(fixture('speech.json'), 'utf8'),
  );

  test.each([4, 6, 10, 20])('with windows of %d s', async (seconds) => {
    const windows = await windowsOf(decodeAudio(fixture('speech.opus')), seconds);
    const cuts = windows.slice(0, -1).map((window) => window.endSample / RATE);
    expect(cuts.length).toBeGreaterThanOrEqual(Math.floor(27.7 / seconds));
    for (const cut of cuts) {
      expect(
        pauses.some(([from, to]) => cut > from && cut < to),
        `cut at ${cut} s`,
      ).toBe(true);
    }
  });
});

test('stopping early stops the reading of the file', async () => {
  let released = false;
  async function* endless() {
    try {
      for (;;) yield new Float32Array(RATE);
    } finally {
      released = true;
    }
  }
  for await (const _ of splitIntoWindows(endless(), { windowSamples: RATE, samplingRate: RATE })) {
    break;
  }
  expect(released).toBe(true);
});

test.each([
  { windowSamples: 0, samplingRate: RATE },
  { windowSamples: 1.5, samplingRate: RATE },
  { windowSamples: RATE, samplingRate: Number.NaN },
] satisfies WindowOptions[])('%o is refused', async (options) => {
  const windows = splitIntoWindows(inPieces(new Float32Array(1), []), options);
  await expect(windows.next()).rejects.toMatchObject({ code: 'OPTION_INVALID' });
});
