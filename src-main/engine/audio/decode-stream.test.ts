import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { decodeAudio, openAudio } from './decode-audio.ts';
import { fixture, gather, TestFolder, wavBytes } from './test-files.ts';
import { noise } from './test-signals.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());

const SECONDS_LONG = 30 * 60;

/** Half an hour of noise, 58 MB. */
function writeLongFile(): string {
  const path = join(folder.path, 'long.wav');
  const minute = wavBytes(noise(60 * 16_000)).subarray(44);
  const header = wavBytes([], { declaredBytes: (SECONDS_LONG / 60) * minute.length });
  const file = openSync(path, 'w');
  writeSync(file, header);
  for (let i = 0; i < SECONDS_LONG / 60; i++) writeSync(file, minute);
  closeSync(file);
  return path;
}

test('half an hour streams in bounded memory', async () => {
  const path = writeLongFile();
  let samples = 0;
  let before = 0;
  let most = 0;
  for await (const chunk of decodeAudio(path)) {
    samples += chunk.length;
    // The first minute warms up; after it memory must not follow the file.
    if (samples === 60 * 16_000) before = process.memoryUsage().rss;
    if (samples % (60 * 16_000) === 0) most = Math.max(most, process.memoryUsage().rss);
  }
  expect(samples).toBe(SECONDS_LONG * 16_000);
  expect((most - before) / 1e6).toBeLessThan(60);
});

test('an aborted stream ends with CANCELLED and no further chunk', async () => {
  const abort = new AbortController();
  let chunks = 0;
  const reading = (async () => {
    for await (const _ of decodeAudio(fixture('speech.opus'), { signal: abort.signal })) {
      if (++chunks === 2) abort.abort();
    }
  })();
  await expect(reading).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(chunks).toBe(2);
});

test('an abort from outside is heard while nobody waits for it', async () => {
  const abort = new AbortController();
  setImmediate(() => abort.abort());
  const reading = gather(decodeAudio(fixture('speech.opus'), { signal: abort.signal }));
  await expect(reading).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('a signal that was aborted before opens nothing', async () => {
  const signal = AbortSignal.abort('changed my mind');
  await expect(openAudio('nowhere.wav', { signal })).rejects.toMatchObject({
    code: 'CANCELLED',
    cause: 'changed my mind',
  });
});

test('a source that is closed while it is read ends with CANCELLED', async () => {
  const source = await openAudio(fixture('speech.opus'));
  const chunks = source.chunks();
  expect((await chunks.next()).value?.length).toBe(16_000);
  await source.close();
  await expect(chunks.next()).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('a source is read only once', async () => {
  await using source = await openAudio(fixture('tone-20.opus'));
  await gather(source.chunks());
  await expect(source.chunks().next()).rejects.toMatchObject({ code: 'INTERNAL' });
});

test('two files can be read at the same time', async () => {
  const names = ['tone-20.mp3', 'tone-20.opus', 'tone-20-video.mp4', 'tone-20.flac'];
  const all = await Promise.all(names.map((name) => gather(decodeAudio(fixture(name)))));
  expect(all.map((samples) => samples.length)).toEqual([32_000, 32_000, 32_000, 32_000]);
});

test('FFmpeg writes nothing to the terminal, not even about damaged files', () => {
  const script = `
    import { decodeAudio } from ${JSON.stringify(new URL('./decode-audio.ts', import.meta.url).href)};
    for (const path of process.argv.slice(1)) {
      try { for await (const _ of decodeAudio(path)); } catch (error) { console.log(error.code); }
    }`;
  const paths = [folder.writeCut('tone-20.mp3', 0.5), folder.writeCut('tone-20.m4a', 0.5)];
  const args = ['--input-type=module', '-e', script, ...paths];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: 'MEDIA_TRUNCATED\nMEDIA_TRUNCATED\n', stderr: '' });
});
