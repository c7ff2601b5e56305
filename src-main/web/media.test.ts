import { afterAll, beforeAll, expect, test } from 'vitest';
import { mediaUrl } from './access.ts';
import { ITEM, refused, TestShell } from './test-web-shell.ts';

const BYTES = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 251));
let shell: TestShell;
beforeAll(async () => {
  shell = await TestShell.start();
  shell.write('playback.opus', BYTES);
});
afterAll(() => shell[Symbol.asyncDispose]());

const fetchPart = (range: string | undefined, method = 'GET', itemId = ITEM) =>
  shell.ask(method, mediaUrl(shell.token, itemId), range === undefined ? {} : { range });

test('the whole recording is sent where no part is asked for', async () => {
  const { status, headers, body } = await fetchPart(undefined);
  expect(status).toBe(200);
  expect(body).toEqual(BYTES);
  expect(headers).toMatchObject({
    'content-type': 'audio/ogg',
    'accept-ranges': 'bytes',
    'content-length': '1000',
    'cache-control': 'no-store',
  });
});

test.each([
  ['bytes=0-', 0, 999],
  ['bytes=0-0', 0, 0],
  ['bytes=500-599', 500, 599],
  ['bytes=-100', 900, 999],
  ['bytes=990-2000', 990, 999],
])('a part is sent as it is asked for: %s', async (range, first, last) => {
  const { status, headers, body } = await fetchPart(range);
  expect(status).toBe(206);
  expect(headers['content-range']).toBe(`bytes ${first}-${last}/1000`);
  expect(body).toEqual(BYTES.subarray(first, last + 1));
});

test('a part that does not exist is refused with the size', async () => {
  const { status, headers, body } = await fetchPart('bytes=1000-');
  expect([status, headers['content-range'], body.length]).toEqual([416, 'bytes */1000', 0]);
});

test('several parts at once are answered with the whole', async () => {
  expect((await fetchPart('bytes=0-1,5-6')).status).toBe(200);
});

test('HEAD tells the size and sends nothing', async () => {
  const whole = await fetchPart(undefined, 'HEAD');
  expect([whole.status, whole.headers['content-length'], whole.body.length]).toEqual([
    200,
    '1000',
    0,
  ]);
  const part = await fetchPart('bytes=0-9', 'HEAD');
  expect([part.status, part.headers['content-length'], part.body.length]).toEqual([206, '10', 0]);
});

test('an item that is not there is named', async () => {
  const answer = await fetchPart(undefined, 'GET', '00000000-0000-4000-8000-000000000000');
  expect(refused(answer)).toBe('404 ITEM_NOT_FOUND');
});

test('a recording is not written to', async () => {
  expect(refused(await fetchPart(undefined, 'PUT'))).toBe('405 ACCESS_DENIED');
});

test('a copy that is gone, or that is empty, ends no server', async () => {
  await using other = await TestShell.start();
  const url = mediaUrl(other.token, ITEM);
  expect(refused(await other.ask('GET', url))).toBe('404 MEDIA_NOT_READY');
  other.write('playback.opus', '');
  expect((await other.ask('GET', url)).status).toBe(200);
  expect((await other.ask('GET', url, { range: 'bytes=0-' })).status).toBe(416);
});
