import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import { VeerError } from '../../contract/errors.ts';
import { decodeAudio, openAudio } from './decode-audio.ts';
import { fileError } from './media-file.ts';
import { fixture, gather, TestFolder, wavBytes } from './test-files.ts';
import { noise } from './test-signals.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());

/** The error that reading a file ends with, and the samples that came before it. */
async function failureOf(path: string): Promise<{ error: VeerError; seconds: number }> {
  let samples = 0;
  try {
    for await (const chunk of decodeAudio(path)) samples += chunk.length;
  } catch (error) {
    if (error instanceof VeerError) return { error, seconds: samples / 16_000 };
    throw error;
  }
  throw new Error(`${path} was read without an error`);
}

const TEXT = 'This is not a recording.\n'.repeat(500);
const RANDOM = Buffer.from(noise(100_000).map((x) => 128 + 127 * x));

describe('each failure has its own code and says what to do', () => {
  test.each([
    ['FILE_NOT_FOUND', () => `${folder.path}/nothing.wav`],
    ['FILE_NOT_FOUND', () => `${folder.write('file.txt', 'x')}/below.wav`],
    ['FILE_NOT_FOUND', () => `${folder.path}/${'x'.repeat(300)}.wav`],
    ['FILE_NOT_FOUND', () => `${folder.path}/nul\0byte.wav`],
    ['FILE_IS_DIRECTORY', () => folder.path],
    ['FILE_EMPTY', () => folder.write('empty.wav', '')],
    ['MEDIA_UNRECOGNISED', () => folder.write('text.wav', TEXT)],
    ['MEDIA_UNRECOGNISED', () => folder.write('text.mp3', TEXT)],
    ['MEDIA_UNRECOGNISED', () => folder.write('text.txt', TEXT)],
    ['MEDIA_UNRECOGNISED', () => folder.write('random.mp3', RANDOM)],
    ['MEDIA_UNRECOGNISED', () => folder.write('random.aac', RANDOM)],
    ['MEDIA_UNRECOGNISED', () => folder.write('one-byte.wav', 'R')],
    ['AUDIO_STREAM_MISSING', () => fixture('no-sound.mp4')],
    ['AUDIO_EMPTY', () => folder.write('header-only.wav', wavBytes([]))],
    ['MEDIA_TRUNCATED', () => folder.write('tag.wav', wavBytes([]).subarray(0, 30))],
    ['MEDIA_TRUNCATED', () => folder.writeCut('tone-20.m4a', 0.9)],
    ['MEDIA_TRUNCATED', () => folder.writeCut('tone-20-video.mp4', 0.5)],
  ])('%s', async (code, make) => {
    const { error, seconds } = await failureOf(make());
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/\b(Choose|Check|Copy|Record)\b/);
    expect(error.message).not.toContain(folder.path);
    expect(seconds).toBe(0);
  });

  test.skipIf(process.getuid?.() === 0)('FILE_UNREADABLE without permission', async () => {
    const path = folder.write('secret.wav', wavBytes([0]));
    chmodSync(path, 0);
    expect((await failureOf(path)).error.code).toBe('FILE_UNREADABLE');
  });

  test('FILE_UNREADABLE for what the system refuses to read', () => {
    const cause = Object.assign(new Error('denied'), { code: 'EACCES' });
    const error = fileError(cause, '"a.wav"');
    expect([error.code, error.cause]).toEqual(['FILE_UNREADABLE', cause]);
    expect(error.message).toContain('permission');
    expect(fileError(new Error('EIO'), '"a.wav"').code).toBe('FILE_UNREADABLE');
  });
});

describe('a file that was cut short gives the sound it has, then an error', () => {
  test.each([
    'tone-20.mp3',
    'tone-20-cover.mp3',
    'tone-20.flac',
    'tone-20-faststart.m4a',
    'tone-20.webm',
    'tone-20-video.mkv',
  ])('%s', async (name) => {
    const { error, seconds } = await failureOf(folder.writeCut(name, 0.6));
    expect(error.code).toBe('MEDIA_TRUNCATED');
    expect(error.message).toContain('0:02.0');
    expect(seconds).toBeGreaterThan(0.2);
    expect(seconds).toBeLessThan(1.5);
  });

  test('a wav whose header declares more than there is', async () => {
    const bytes = wavBytes(noise(32_000), { declaredBytes: 96_000 });
    const { error, seconds } = await failureOf(folder.write('short.wav', bytes));
    expect(error.code).toBe('MEDIA_TRUNCATED');
    expect(error.message).toContain('it should last 0:03.0 but ends after 0:02.0');
    expect(seconds).toBe(2);
  });

  test.each([
    ['half a second', 16_000 * 2, 16_000],
    ['one in fifty', 16_000 * 50, 15_000],
  ])('but lacking %s is no error', async (_, samples, lacking) => {
    const bytes = wavBytes(new Float32Array(samples), {
      declaredBytes: 2 * (samples + lacking / 2),
    });
    const path = folder.write('nearly.wav', bytes);
    expect((await gather(decodeAudio(path))).length).toBe(samples);
  });
});

test('a damaged middle is skipped and its time kept', async () => {
  const bytes = Buffer.from(readFileSync(fixture('tone-20.flac')));
  bytes.fill(0x55, 7000, 10_000);
  const samples = await gather(decodeAudio(folder.write('damaged.flac', bytes)));
  expect(Math.abs(samples.length / 16_000 - 2)).toBeLessThan(0.25);
});

test('numbers that are no numbers become silence', async () => {
  const bytes = Buffer.from(readFileSync(fixture('tone-5-float.wav')));
  for (let at = bytes.length - 4000; at < bytes.length; at += 400)
    bytes.writeFloatLE(Number.NaN, at);
  const samples = await gather(decodeAudio(folder.write('nan.wav', bytes)));
  expect(samples.length).toBe(8000);
  expect(samples.every(Number.isFinite)).toBe(true);
});

test.each([7, 2_000_000_000])('a sampling rate of %d Hz is damage', async (samplingRate) => {
  const bytes = wavBytes(noise(16_000), { samplingRate });
  const { error } = await failureOf(folder.write('rate.wav', bytes));
  expect(error.code).toBe('MEDIA_TRUNCATED');
});

test('lists of other files are refused and the network is never touched', async () => {
  let requests = 0;
  const server = createServer((_, response) => {
    requests++;
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const url = `http://127.0.0.1:${port}/a.ts`;
  const lists = {
    'list.m3u8': `#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n${url}\n#EXT-X-ENDLIST\n`,
    'list.ffconcat': `ffconcat version 1.0\nfile ${fixture('tone-20.mp3')}\n`,
    'list.sdp': 'v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n',
  };
  try {
    for (const [name, text] of Object.entries(lists)) {
      expect((await failureOf(folder.write(name, text))).error.code).toBe('MEDIA_UNRECOGNISED');
    }
    expect((await failureOf(url)).error.code).toBe('FILE_NOT_FOUND');
  } finally {
    server.close();
  }
  expect(requests).toBe(0);
});

describe.skipIf(process.platform !== 'linux')('no file stays open', () => {
  const openFiles = () => readdirSync('/proc/self/fd').length;

  test.each([
    ['after an error', async () => failureOf(fixture('no-sound.mp4'))],
    ['after a cut file', async () => failureOf(folder.writeCut('tone-20.mp3', 0.5))],
    [
      'when the reader stops early',
      async () => {
        for await (const _ of decodeAudio(fixture('tone-20.opus'))) break;
      },
    ],
    [
      'when it is closed without being read',
      async () => {
        const source = await openAudio(fixture('tone-20.opus'));
        await source.close();
        await source.close();
      },
    ],
  ])('%s', async (_, use) => {
    await use();
    const before = openFiles();
    for (let i = 0; i < 20; i++) await use();
    expect(openFiles()).toBe(before);
  });
});
