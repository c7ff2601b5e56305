/** The contract over a WebSocket: only its messages, and no more than a page can read. */

import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { DEFAULT_SETTINGS } from '../contract/settings.ts';
import { isRpcMessage } from './rpc-message.ts';
import { TestShell } from './test-web-shell.ts';

let shell: TestShell;
beforeEach(async () => {
  shell = await TestShell.start();
});
afterEach(() => shell[Symbol.asyncDispose]());

async function opened(from = shell): Promise<WebSocket> {
  const socket = from.socket();
  await once(socket, 'open');
  return socket;
}

async function closed(socket: WebSocket): Promise<number> {
  const [code] = await once(socket, 'close');
  return code as number;
}

/** The shell still answers. */
async function alive(): Promise<void> {
  expect(await shell.client().settings.get()).toEqual(DEFAULT_SETTINGS);
}

it('answers what the contract offers', alive);

it('ends the streams of a page that goes away', async () => {
  const socket = await opened();
  const events = await shell.client(socket).jobs.watch();
  await events.next();
  socket.terminate();
  await vi.waitFor(() => expect(shell.ended).toBe(1));
});

it('ends a stream that the page does not want any more', async () => {
  const socket = await opened();
  const events = await shell.client(socket).jobs.watch();
  await events.next();
  await events.return?.();
  await vi.waitFor(() => expect(shell.ended).toBe(1));
  socket.close();
});

it('takes no more events from the application than the page reads', async () => {
  shell.event = { type: 'partial', jobId: ID, runId: ID, index: 0, texts: ['x'.repeat(200_000)] };
  const socket = await opened();
  await (await shell.client(socket).jobs.watch()).next();
  socket.pause();
  // What the system buffers between the two ends is full by then.
  await vi.waitFor(async () => {
    const before = shell.taken;
    await pause(200);
    expect(shell.taken).toBe(before);
  });
  const before = shell.taken;
  expect(before).toBeLessThan(200);
  socket.resume();
  await vi.waitFor(() => expect(shell.taken).toBeGreaterThan(before));
  socket.terminate();
});

it('closes a page that answers no ping', async () => {
  await using quick = await TestShell.start({ sockets: { ping: 50 } });
  const socket = await opened(quick);
  await (await quick.client(socket).jobs.watch()).next();
  socket.pause();
  await vi.waitFor(() => expect(quick.ended).toBe(1));
  socket.terminate();
});

it('keeps a page that answers', async () => {
  await using quick = await TestShell.start({ sockets: { ping: 20 } });
  const socket = await opened(quick);
  await pause(200);
  expect(socket.readyState).toBe(socket.OPEN);
});

it('tells its pages that it ends, and cancels what runs', async () => {
  const other = await TestShell.start();
  const socket = await opened(other);
  await (await other.client(socket).jobs.watch()).next();
  const [code] = await Promise.all([closed(socket), other.server.close()]);
  expect(code).toBe(1001);
  await vi.waitFor(() => expect(other.ended).toBe(1));
});

it('ends without a page that does not answer', async () => {
  const other = await TestShell.start({ sockets: { farewell: 50 } });
  const socket = await opened(other);
  socket.pause();
  await other.server.close();
  socket.terminate();
});

const ID = 'a3f7d6c4-35f0-4f0e-9a55-3c1c46a7b6a1';
const request = (p: object) => JSON.stringify({ i: '1', p });

describe('a message that is none of the contract closes the connection', () => {
  it.each([
    ['nothing', ''],
    ['no JSON', '{"i":'],
    ['no object', '5'],
    ['null', 'null'],
    ['no id', JSON.stringify({ p: { u: '/settings/get' } })],
    ['a number as id', JSON.stringify({ i: 1, p: { u: '/settings/get' } })],
    ['a long id', JSON.stringify({ i: 'x'.repeat(33), p: { u: '/settings/get' } })],
    ['a whole address', request({ u: 'http://evil.example/settings/get' })],
    ['an address of the disk', request({ u: 'file:///etc/passwd' })],
    ['dots', request({ u: '/settings/../settings/get' })],
    ['a query', request({ u: '/settings/get?data={}' })],
    ['another method', request({ u: '/settings/get', m: 'GET' })],
    ['a file', request({ u: '/settings/get', h: { 'content-disposition': 'filename=a' } })],
    ['a stream', request({ u: '/settings/get', h: { 'content-type': 'text/event-stream' } })],
    ['an event of a stream', JSON.stringify({ i: '1', t: 3, p: { e: 'message' } })],
    ['another type', JSON.stringify({ i: '1', t: 7 })],
  ])('%s', async (_, message) => {
    const socket = await opened();
    socket.send(message);
    expect(await closed(socket)).toBe(1008);
    await alive();
  });

  it('bytes', async () => {
    const socket = await opened();
    socket.send(Buffer.from(request({ u: '/settings/get' })));
    expect(await closed(socket)).toBe(1003);
  });

  it('one that is too large', async () => {
    await using small = await TestShell.start({ sockets: { mostBytes: 1000 } });
    const socket = await opened(small);
    socket.send(request({ u: '/settings/get', b: 'x'.repeat(1000) }));
    expect(await closed(socket)).toBe(1009);
  });
});

it('no text can make the check of messages fail', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => !isRpcMessage(text)));
});

describe('frames that break the protocol', () => {
  /** Opens a WebSocket by hand and sends bytes. @returns the code of the close frame, or null */
  function frame(bytes: readonly number[]): Promise<number | null> {
    return new Promise((resolve, reject) => {
      const socket = connect(shell.port, '127.0.0.1');
      let got = Buffer.alloc(0);
      socket.on('error', reject);
      socket.on('close', () => {
        const frames = got.subarray(got.indexOf('\r\n\r\n') + 4);
        resolve(frames[0] === 0x88 ? frames.readUInt16BE(2) : null);
      });
      socket.on('data', (data) => {
        if (got.length === 0) socket.write(Buffer.from(bytes));
        got = Buffer.concat([got, data]);
      });
      socket.write(
        [
          'GET /rpc HTTP/1.1',
          `Host: 127.0.0.1:${shell.port}`,
          `Origin: ${shell.origin}`,
          'Connection: Upgrade',
          'Upgrade: websocket',
          'Sec-WebSocket-Version: 13',
          `Sec-WebSocket-Key: ${Buffer.alloc(16, 1).toString('base64')}`,
          `Sec-WebSocket-Protocol: veer, token.${shell.token}`,
          '',
          '',
        ].join('\r\n'),
      );
    });
  }
  const masked = [0, 0, 0, 0];

  it.each([
    ['without a mask', [0x81, 0x01, 0x61], 1002],
    ['with reserved bits', [0xf1, 0x80, ...masked], 1002],
    ['of an unknown kind', [0x83, 0x80, ...masked], 1002],
    ['that go on with nothing', [0x80, 0x80, ...masked], 1002],
    ['that are no text', [0x81, 0x81, ...masked, 0xff], 1007],
    ['that say they are enormous', [0x81, 0xff, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0], 1009],
  ])('%s close the connection and nothing else', async (_, bytes, code) => {
    expect(await frame(bytes)).toBe(code);
    await alive();
  });

  it('a handshake that is none is refused', async () => {
    const answer = await shell.raw(
      `GET /rpc HTTP/1.1\r\nHost: 127.0.0.1:${shell.port}\r\nOrigin: ${shell.origin}\r\n` +
        `Connection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Protocol: veer, token.${shell.token}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    await alive();
  });
});
