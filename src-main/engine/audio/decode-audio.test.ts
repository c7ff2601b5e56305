import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { decodeAudio, openAudio } from './decode-audio.ts';
import { fixture, gather, TestFolder, wavBytes } from './test-files.ts';
import { amplitudeAt, noise, sine } from './test-signals.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());

const TONES = [
  'tone-10-s16.wav',
  'tone-10-8khz.wav',
  'tone-10-piped.wav',
  'tone-5-s24.wav',
  'tone-5-float.wav',
  'tone-3-stereo.wav',
  'tone-5.aiff',
  'tone-20.mp3',
  'tone-20-bare.mp3',
  'tone-20-cover.mp3',
  'tone-20.m4a',
  'tone-20-faststart.m4a',
  'tone-20.aac',
  'tone-20.flac',
  'tone-20.ogg',
  'tone-20.opus',
  'tone-20.webm',
  'tone-20.wma',
  'tone-10.amr',
  'tone-20-video.mp4',
  'tone-20-video.mkv',
];

describe('a tone comes out with its length, pitch and level', () => {
  test.each(TONES)('from %s', async (name) => {
    const seconds = Number(/^tone-(\d+)/.exec(name)?.[1]) / 10;
    await using source = await openAudio(fixture(name));
    const samples = await gather(source.chunks());
    expect(Math.abs(samples.length / 16_000 - seconds)).toBeLessThanOrEqual(0.05);
    expect(Math.abs((source.declaredDuration ?? 0) - seconds)).toBeLessThanOrEqual(0.06);
    // The middle half: lossy codecs take a moment at either end.
    const middle = samples.subarray(samples.length / 4, (samples.length * 3) / 4);
    // LAME lowers the level by 5 % at low bit rates; AMR is made for speech.
    const tolerance = name.endsWith('.amr') ? 0.08 : 0.03;
    expect(Math.abs(amplitudeAt(middle, 440) - 0.5)).toBeLessThan(tolerance);
    expect(amplitudeAt(middle, 880)).toBeLessThan(0.02);
  });
});

test('16 kHz mono passes unchanged', async () => {
  const original = noise(40_000);
  const path = folder.write('plain.wav', wavBytes(original));
  const samples = await gather(decodeAudio(path));
  expect(samples.length).toBe(40_000);
  const worst = Math.max(...samples.map((x, i) => Math.abs(x - (original[i] ?? 0))));
  expect(worst).toBeLessThan(1e-4);
});

test('chunks are one second long, except the last', async () => {
  const path = folder.write('chunks.wav', wavBytes(new Float32Array(40_000)));
  const lengths: number[] = [];
  for await (const chunk of decodeAudio(path)) lengths.push(chunk.length);
  expect(lengths).toEqual([16_000, 16_000, 8000]);
});

test.each([2, 6, 12])('%d equal full-scale channels do not leave the range', async (channels) => {
  const tone = sine(16_000, 440);
  const samples = Float64Array.from(
    { length: 16_000 * channels },
    (_, i) => tone[Math.floor(i / channels)] as number,
  );
  const path = folder.write(`${channels}.wav`, wavBytes(samples, { channels }));
  const mono = await gather(decodeAudio(path));
  expect(mono.length).toBe(16_000);
  expect(Math.abs(amplitudeAt(mono, 440) - 1)).toBeLessThan(0.01);
});

test('a sound in one of two channels is kept at half its level', async () => {
  const tone = sine(16_000, 440);
  const left = Float64Array.from({ length: 32_000 }, (_, i) =>
    i % 2 === 0 ? (tone[i / 2] as number) : 0,
  );
  const path = folder.write('left.wav', wavBytes(left, { channels: 2 }));
  expect(amplitudeAt(await gather(decodeAudio(path)), 440)).toBeCloseTo(0.5, 2);
});

test('time in the stream is time in the film when the sound begins late', async () => {
  const samples = await gather(decodeAudio(fixture('late-sound.mp4')));
  expect(Math.abs(samples.length / 16_000 - 3.5)).toBeLessThan(0.05);
  expect(samples.subarray(0, 1.45 * 16_000).every((x) => x === 0)).toBe(true);
  const sound = samples.subarray(1.6 * 16_000, 3.4 * 16_000);
  expect(amplitudeAt(sound, 440)).toBeCloseTo(0.5, 1);
});

describe('sizes that a program could not know while it wrote are no error', () => {
  test.each([0, 0x7fff_f000, 0x7fff_ffff, 0xffff_ffff])('data size %d', async (declaredBytes) => {
    const path = folder.write('streamed.wav', wavBytes(noise(24_000), { declaredBytes }));
    await using source = await openAudio(path);
    expect((await gather(source.chunks())).length).toBe(24_000);
    expect(source.declaredDuration ?? 1.5).toBeCloseTo(1.5, 2);
  });
});

// Windows refuses most of these names itself.
describe.skipIf(process.platform === 'win32')('odd names are read as local files', () => {
  test.each([
    'with spaces.wav',
    'Übermäßig größer.wav',
    'emoji 🎙️👩‍🚀.wav',
    `it's "quoted".wav`,
    'percent %d %03d %20.wav',
    'img%03d.jpg',
    'img*.png',
    '-leading-dash.wav',
    'http:x.wav',
    'file:y.wav',
    'concat:a|b',
    'pipe:0',
    'data:audio.wav',
    'subfile,,start,0,end,9,,:z.wav',
    'back\\slash.wav',
    'no-ending',
    'wrong-ending.txt',
    `${'x'.repeat(196)}.wav`,
  ])('%s', async (name) => {
    const path = folder.write(name, wavBytes(noise(8000)));
    expect((await gather(decodeAudio(path))).length).toBe(8000);
  });

  test('a relative path', async () => {
    const path = folder.write('http:x.wav', wavBytes(noise(8000)));
    const before = process.cwd();
    process.chdir(folder.path);
    try {
      expect((await gather(decodeAudio('http:x.wav'))).length).toBe(8000);
    } finally {
      process.chdir(before);
    }
    expect(path).toContain('http:x.wav');
  });

  test('a link to a file', async () => {
    symlinkSync(fixture('tone-20.opus'), join(folder.path, 'link.opus'));
    const samples = await gather(decodeAudio(join(folder.path, 'link.opus')));
    expect(samples.length).toBe(32_000);
  });
});

test('recordings joined end to end are read to the end', async () => {
  const one = readFileSync(fixture('tone-20.ogg'));
  const path = folder.write('joined.ogg', Buffer.concat([one, one]));
  const samples = await gather(decodeAudio(path));
  expect(Math.abs(samples.length / 16_000 - 4)).toBeLessThan(0.1);
});
