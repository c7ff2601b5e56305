import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VeerError } from '../contract/errors.ts';
import { mediaUrl } from './app-url.ts';
import { serveAppUrl } from './protocol.ts';

const known = '0b9c1d1e-5d3f-4a51-9d0e-2f4f2c1a7b10';
const unknown = '0b9c1d1e-5d3f-4a51-9d0e-2f4f2c1a7b11';
const audio = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'veer-protocol-'));
  await mkdir(join(directory, 'renderer', 'assets'), { recursive: true });
  await writeFile(join(directory, 'renderer', 'index.html'), '<!doctype html>');
  await writeFile(join(directory, 'renderer', 'assets', 'a.js'), 'export {}');
  await writeFile(join(directory, 'playback.opus'), audio);
  await writeFile(join(directory, 'secret.txt'), 'secret');
});
afterAll(() => rm(directory, { recursive: true }));

function ask(url: string, init: RequestInit = {}): Promise<Response> {
  const request = { url, method: init.method ?? 'GET', headers: new Headers(init.headers) };
  return serveAppUrl(request, {
    rendererDirectory: join(directory, 'renderer'),
    playbackFile: (itemId) => {
      if (itemId === known) return join(directory, 'playback.opus');
      throw new VeerError('ITEM_NOT_FOUND', 'There is no such item.');
    },
  });
}

test('the page comes with its type and the strict policy', async () => {
  const response = await ask('app://veer/');
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('<!doctype html>');
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const policy = response.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("connect-src 'none'");
});

test('scripts come with the type that a module needs', async () => {
  const response = await ask('app://veer/assets/a.js');
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  await response.body?.cancel();
});

test.each([
  'app://veer/../secret.txt',
  'app://veer/..%2fsecret.txt',
  'app://veer/assets',
  'app://veer/no.js',
])('%s is not found', async (url) => {
  const response = await ask(url);
  expect(response.status).toBe(404);
  expect(await response.text()).toBe('');
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
});

test('other methods are refused', async () => {
  expect((await ask('app://veer/', { method: 'POST' })).status).toBe(405);
});

test('a recording comes whole, and says that it can come in parts', async () => {
  const response = await ask(mediaUrl(known));
  expect(response.status).toBe(200);
  expect(response.headers.get('accept-ranges')).toBe('bytes');
  expect(response.headers.get('content-type')).toBe('audio/ogg');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(Buffer.from(await response.arrayBuffer()).equals(audio)).toBe(true);
});

test('a part of a recording is exactly the bytes asked for', async () => {
  const response = await ask(mediaUrl(known), { headers: { range: 'bytes=100-199' } });
  expect(response.status).toBe(206);
  expect(response.headers.get('content-range')).toBe('bytes 100-199/1000');
  expect(response.headers.get('content-length')).toBe('100');
  expect(Buffer.from(await response.arrayBuffer()).equals(audio.subarray(100, 200))).toBe(true);
});

test('a part behind the end is refused with the length', async () => {
  const response = await ask(mediaUrl(known), { headers: { range: 'bytes=1000-' } });
  expect(response.status).toBe(416);
  expect(response.headers.get('content-range')).toBe('bytes */1000');
});

test('HEAD gives the length without the bytes', async () => {
  const response = await ask(mediaUrl(known), { method: 'HEAD' });
  expect(response.headers.get('content-length')).toBe('1000');
  expect(response.body).toBeNull();
});

test('a recording that is not there is not found', async () => {
  expect((await ask(mediaUrl(unknown))).status).toBe(404);
});
