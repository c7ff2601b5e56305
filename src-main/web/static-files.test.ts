/** The built screens: what is in their folder, under a strict policy, and nothing beside it. */

import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { refused, TestShell } from './test-web-shell.ts';

let shell: TestShell;
beforeAll(async () => {
  shell = await TestShell.start();
});
afterAll(() => shell[Symbol.asyncDispose]());

describe('the start page', () => {
  it.each(['/', '/index.html', '/?a=b'])('is at %s, and is asked for anew', async (path) => {
    const answer = await shell.ask('GET', path);
    expect(answer.body.toString()).toContain('<title>Veer</title>');
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    });
  });

  it('has no body for HEAD', async () => {
    const answer = await shell.ask('HEAD', '/');
    expect([answer.status, answer.body.length]).toEqual([200, 0]);
    expect(Number(answer.headers['content-length'])).toBeGreaterThan(0);
  });
});

it('keeps files whose name says what is in them', async () => {
  const { headers } = await shell.ask('GET', '/assets/main-1a2b.js');
  expect(headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'private, max-age=31536000, immutable',
  });
});

test.each(['/', '/assets/main-1a2b.js', '/missing', '/upload', '/media/x', '/rpc'])(
  'every answer carries the strict headers: %s',
  async (path) => {
    const { headers } = await shell.ask('GET', path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${shell.port};`);
  },
);

const TRAVERSALS = [
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/%252e%252e%252fsecret.txt',
  '/..\\secret.txt',
  '/..%5csecret.txt',
  '/....//secret.txt',
  '//secret.txt',
  '/./secret.txt',
  '/index.html%00.txt',
  '/%c0%ae%c0%ae/secret.txt',
  '/file:///etc/passwd',
  '/etc/passwd',
  '/assets/',
  '/assets',
  '/linked.txt',
  '/constructor',
  '/__proto__',
];

test.each(TRAVERSALS)('nothing but the built files is found: %s', async (path) => {
  expect(refused(await shell.ask('GET', path))).toBe('404 ACCESS_DENIED');
});

test.each([
  ['a NUL', '/index.html\0'],
  ['no leading slash', '../secret.txt'],
  ['a whole address', 'http://evil.example/secret.txt'],
  ['a path of the system', 'file:///etc/passwd'],
  ['a line break', '/\r\nx: y'],
])('a target with %s finds nothing', async (_, target) => {
  const host = `Host: 127.0.0.1:${shell.port}`;
  const answer = await shell.raw(`GET ${target} HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`);
  expect(answer).toMatch(/^(HTTP\/1\.1 (400|403|404) |$)/);
  expect(answer).not.toMatch(/secret|root:/);
});

it('does not follow a link out of its folder', async () => {
  await using linked = await TestShell.start({ rendererDirectory: shell.folder });
  symlinkSync(join(shell.folder, 'secret.txt'), join(shell.folder, 'linked.txt'));
  await using again = await TestShell.start({ rendererDirectory: shell.folder });
  expect((await linked.ask('GET', '/secret.txt')).status).toBe(200);
  expect((await again.ask('GET', '/linked.txt')).status).toBe(404);
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])(
  'the page takes no %s',
  async (method) => {
    const answer = await shell.ask(method, '/', {}, Buffer.alloc(0));
    expect(refused(answer)).toBe('405 ACCESS_DENIED');
    expect(answer.headers.allow).toBe('GET, HEAD');
  },
);

test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('an upload is no %s', async (method) => {
  const answer = await shell.ask(method, '/upload?name=a');
  expect(answer.status).toBe(405);
  expect(answer.headers.allow).toBe('POST');
});

it('says what to do where the screens are not built', async () => {
  await using bare = await TestShell.start({ rendererDirectory: join(shell.folder, 'missing') });
  const answer = await bare.ask('GET', '/');
  expect(refused(answer)).toBe('404 ACCESS_DENIED');
  expect(answer.body.toString()).toContain('npm run build');
});
