/** Files over HTTP: whole or not at all, with room left on the disk. */

import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { refused, TestShell } from './test-web-shell.ts';

const MIB = 2 ** 20;
let shell: TestShell;
beforeEach(async () => {
  shell = await TestShell.start();
});
afterEach(() => shell[Symbol.asyncDispose]());

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** An upload that goes on as long as the test lets it. */
function slowUpload(length: number, from = shell) {
  const sent = request({
    host: '127.0.0.1',
    port: from.port,
    method: 'POST',
    path: '/upload?name=long.wav',
    headers: {
      origin: from.origin,
      authorization: `Bearer ${from.token}`,
      'content-length': length,
    },
  });
  sent.flushHeaders();
  const status = new Promise<number | string>((resolve) => {
    sent.on('response', (answer) => resolve(answer.resume().statusCode ?? 0));
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
  return { sent, status };
}

it('stores what was sent and grants it under the name that people know', async () => {
  const bytes = Buffer.from('Grüße, Wörter');
  const answer = await shell.upload('Brief an Łukasz.TXT', bytes);
  expect(answer.status).toBe(200);
  const { grantId, name, size } = JSON.parse(answer.body.toString());
  expect([name, size]).toEqual(['Brief an Łukasz.TXT', bytes.length]);
  const file = shell.granted.get(grantId);
  expect(file).toMatchObject({ name, size, ownsFile: true });
  expect(readFileSync(file?.path ?? '')).toEqual(bytes);
  expect(shell.uploads).toEqual([expect.stringMatching(/^[0-9a-f-]{36}\.txt$/)]);
});

it('stores for this user alone', async () => {
  await shell.upload('a.txt', Buffer.from('a'));
  const [file] = shell.granted.values();
  expect(statSync(file?.path ?? '').mode & 0o077).toBe(0);
});

test.each(['../../evil.txt', '/etc/cron.d/evil.txt', 'a\\..\\evil.txt', 'x\0evil.txt'])(
  'a name leads nowhere: %j',
  async (name) => {
    const { status } = await shell.upload(name, Buffer.from('a'));
    expect(status).toBe(200);
    expect(shell.uploads).toEqual([expect.stringMatching(/^[0-9a-f-]{36}\.txt$/)]);
  },
);

it('takes no file without a name, and none without content', async () => {
  expect(refused(await shell.upload('', Buffer.from('a')))).toBe('400 UPLOAD_BROKEN');
  expect(refused(await shell.upload('empty.wav', Buffer.alloc(0)))).toBe('400 FILE_EMPTY');
  expect(shell.uploads).toEqual([]);
});

it('removes at the start what an earlier crash left', () => {
  expect(shell.uploads).toEqual([]);
});

it('leaves nothing of a file whose sender goes away', async () => {
  const { sent } = slowUpload(10 * MIB);
  sent.write(Buffer.alloc(MIB));
  await vi.waitFor(() => expect(shell.uploads).toHaveLength(1));
  sent.destroy();
  await vi.waitFor(() => expect(shell.uploads).toEqual([]));
  expect(shell.granted.size).toBe(0);
});

it('gives up on a sender that falls silent', async () => {
  await using patient = await TestShell.start({ uploads: { patience: 100 } });
  const { sent, status } = slowUpload(10 * MIB, patient);
  sent.write(Buffer.alloc(1000));
  expect(await status).toBe('ECONNRESET');
  await vi.waitFor(() => expect(patient.uploads).toEqual([]));
});

it('leaves nothing of a file that is being sent when the shell closes', async () => {
  const other = await TestShell.start();
  const { sent, status } = slowUpload(10 * MIB, other);
  sent.write(Buffer.alloc(MIB));
  await vi.waitFor(() => expect(other.uploads).toHaveLength(1));
  await other.server.close();
  expect(other.uploads).toEqual([]);
  expect(await status).toBe('ECONNRESET');
  await other[Symbol.asyncDispose]().catch(() => undefined);
});

describe('a length', () => {
  const head = (...lines: readonly string[]) =>
    [
      'POST /upload?name=a HTTP/1.1',
      `Host: 127.0.0.1:${shell.port}`,
      `Origin: ${shell.origin}`,
      `Authorization: Bearer ${shell.token}`,
      'Connection: close',
      ...lines,
      '',
      '',
    ].join('\r\n');

  it('must be said', async () => {
    const answer = await shell.raw(`${head('Transfer-Encoding: chunked')}5\r\nwords\r\n0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 411 [\s\S]*"UPLOAD_BROKEN"/);
  });

  it('that is more than what comes leaves nothing', async () => {
    await shell.raw(`${head('Content-Length: 10')}words`);
    await vi.waitFor(() => expect(shell.uploads).toEqual([]));
    expect(shell.granted.size).toBe(0);
  });

  it('that is less than what comes bounds the file', async () => {
    await shell.raw(`${head('Content-Length: 3')}words`);
    const [file] = shell.granted.values();
    expect(file?.size ?? 3).toBe(3);
  });

  it.each(['-1', '1e3', 'x', '5, 6', '0x10'])('is a number, not %s', async (length) => {
    expect(await shell.raw(`${head(`Content-Length: ${length}`)}words`)).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    expect(shell.uploads).toEqual([]);
  });

  it('may not be said in two ways', async () => {
    const both = head('Content-Length: 5', 'Transfer-Encoding: chunked');
    expect(await shell.raw(`${both}5\r\nwords\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('that no file has is refused before the file is read', async () => {
    const { status } = slowUpload(2 ** 45);
    expect(await status).toBe(413);
    expect(shell.uploads).toEqual([]);
  });
});

describe('the disk', () => {
  it('must have room for the file and some more, before the file is read', async () => {
    const uploads = { freeBytes: async () => 10 * MIB, reserve: 9 * MIB };
    await using full = await TestShell.start({ uploads });
    const { status } = slowUpload(2 * MIB, full);
    expect(await status).toBe(507);
    expect(full.uploads).toEqual([]);
    const refusal = await full.upload('a.wav', Buffer.alloc(2 * MIB));
    expect(refused(refusal)).toBe('507 DISK_FULL');
    expect((await full.upload('a.wav', Buffer.alloc(MIB))).status).toBe(200);
  });

  it('must have room for two files that are sent at once', async () => {
    const uploads = { freeBytes: async () => 10 * MIB, reserve: 0 };
    await using full = await TestShell.start({ uploads });
    const first = slowUpload(6 * MIB, full);
    first.sent.write(Buffer.alloc(1000));
    await vi.waitFor(() => expect(full.uploads).toHaveLength(1));
    expect((await full.upload('b.wav', Buffer.alloc(6 * MIB))).status).toBe(507);
    first.sent.destroy();
    await vi.waitFor(() => expect(full.uploads).toEqual([]));
    expect((await full.upload('b.wav', Buffer.alloc(6 * MIB))).status).toBe(200);
  });

  it('that was full for one file takes the next', async () => {
    let free = 0;
    const uploads = { freeBytes: async () => free, reserve: 0 };
    await using full = await TestShell.start({ uploads });
    expect((await full.upload('a', Buffer.alloc(10))).status).toBe(507);
    free = 10;
    expect((await full.upload('a', Buffer.alloc(10))).status).toBe(200);
  });
});

it('asks a client that waits for leave only when the file can come', async () => {
  const ask = (length: number) =>
    new Promise<string>((resolve) => {
      const sent = request({
        host: '127.0.0.1',
        port: shell.port,
        method: 'POST',
        path: '/upload?name=a',
        headers: {
          origin: shell.origin,
          authorization: `Bearer ${shell.token}`,
          'content-length': length,
          expect: '100-continue',
        },
      });
      let leave = '';
      sent.on('continue', () => {
        leave = 'continue ';
        sent.end(Buffer.alloc(length));
      });
      sent.on('response', (answer) => {
        resolve(`${leave}${answer.statusCode}`);
        sent.destroy();
      });
      sent.flushHeaders();
    });
  expect(await ask(5)).toBe('continue 200');
  expect(await ask(2 ** 45)).toBe('413');
});

it('takes two files at once, each whole', async () => {
  const files = [1, 2].map((fill) => Buffer.alloc(5 * MIB, fill));
  const answers = await Promise.all(files.map((bytes, i) => shell.upload(`${i}.wav`, bytes)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const stored = [...shell.granted.values()].map(({ path }) => sha(readFileSync(path)));
  expect(stored.toSorted()).toEqual(files.map(sha).toSorted());
});

it('does not hold a large file in memory', async () => {
  const length = 300 * MIB;
  const { sent, status } = slowUpload(length);
  const chunk = Buffer.alloc(MIB);
  let most = 0;
  const before = process.memoryUsage().rss;
  const chunks = async function* () {
    for (let i = 0; i < length / MIB; i++) {
      yield chunk;
      most = Math.max(most, process.memoryUsage().rss - before);
    }
  };
  await pipeline(Readable.from(chunks()), sent);
  expect(await status).toBe(200);
  expect([...shell.granted.values()][0]?.size).toBe(length);
  // Sender and receiver are this one process.
  expect(most).toBeLessThan(100 * MIB);
});

it('does not hold what the disk cannot take as fast', async () => {
  // Node's own bound on a stalled request body; the client is held back beyond it.
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const uploads = { freeBytes: () => gate.then(() => 2 ** 40) };
  await using slow = await TestShell.start({ uploads });
  const { sent, status } = slowUpload(100 * MIB, slow);
  let written = 0;
  const chunks = async function* () {
    for (; written < 100; written++) yield Buffer.alloc(MIB);
  };
  const sending = pipeline(Readable.from(chunks()), sent);
  await pause(300);
  expect(written).toBeLessThan(50);
  release();
  await sending;
  expect(await status).toBe(200);
});
