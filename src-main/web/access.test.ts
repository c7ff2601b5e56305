/** Who is let in: the page at the printed address, with the token, and nobody else. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaUrl, newToken } from './access.ts';
import { handshake, ITEM, refused, TestShell } from './test-web-shell.ts';

let shell: TestShell;
beforeAll(async () => {
  shell = await TestShell.start();
  shell.write('playback.opus', 'OggS');
});
afterAll(() => shell[Symbol.asyncDispose]());

const BYTES = Buffer.from('words');
const otherToken = newToken();

/** Everything that can be asked, with all rights but those that a test takes away. */
const doors = {
  'the page': (headers = {}) => shell.ask('GET', '/', headers),
  'a file of the page': (headers = {}) => shell.ask('GET', '/assets/main-1a2b.js', headers),
  'an upload': (headers = {}) => shell.upload('a.txt', BYTES, headers),
  'a recording': (headers = {}) => shell.ask('GET', mediaUrl(shell.token, ITEM), headers),
};

describe.each(Object.entries(doors))('%s', (_, ask) => {
  it('is there for the page itself', async () => {
    expect((await ask()).status).toBe(200);
  });

  it.each(['evil.example', 'localhost', '127.0.0.1.evil.example', '[::1]', '0.0.0.0'])(
    'is refused to a name that was made to point here: %s',
    async (name) => {
      expect(refused(await ask({ host: `${name}:${shell.port}` }))).toBe('403 ACCESS_DENIED');
    },
  );

  it('is refused under another port', async () => {
    expect(refused(await ask({ host: '127.0.0.1:1' }))).toBe('403 ACCESS_DENIED');
  });

  it.each(['https://evil.example', 'null', 'http://127.0.0.1:1', 'file://', ''])(
    'is refused to a page of origin "%s"',
    async (origin) => {
      expect(refused(await ask({ origin }))).toBe('403 ACCESS_DENIED');
    },
  );

  it.each(['cross-site', 'same-site'])('is refused to a page that is %s', async (site) => {
    expect(refused(await ask({ 'sec-fetch-site': site }))).toBe('403 ACCESS_DENIED');
  });
});

describe('the token', () => {
  it('has 256 bits and is new every time', () => {
    expect(Buffer.from(newToken(), 'base64url')).toHaveLength(32);
    expect(newToken()).not.toBe(newToken());
  });

  it.each([undefined, '', 'Bearer', `Bearer ${otherToken}`, `Basic ${otherToken}`, 'Bearer a b'])(
    'is needed for an upload (%s)',
    async (authorization) => {
      const before = shell.granted.size;
      const answer = await shell.ask(
        'POST',
        '/upload?name=a',
        { origin: shell.origin, 'content-length': 5, ...(authorization && { authorization }) },
        BYTES,
      );
      expect(refused(answer)).toBe('401 ACCESS_DENIED');
      expect(shell.granted.size).toBe(before);
    },
  );

  it('of another item opens no recording', async () => {
    const other = mediaUrl(shell.token, '00000000-0000-4000-8000-000000000000').split('?')[1];
    expect(refused(await shell.ask('GET', `/media/${ITEM}?${other}`))).toBe('401 ACCESS_DENIED');
  });

  it.each(['', '?key=', '?key=a', `?token=${otherToken}`])(
    'is needed for a recording (%s)',
    async (query) => {
      expect(refused(await shell.ask('GET', `/media/${ITEM}${query}`))).toBe('401 ACCESS_DENIED');
    },
  );

  it('cannot be read from the address of a recording', () => {
    expect(mediaUrl(shell.token, ITEM)).not.toContain(shell.token);
  });
});

describe('the WebSocket', () => {
  const token = () => `token.${shell.token}`;
  const open = (...args: Parameters<TestShell['socket']>) => handshake(shell.socket(...args));

  it('opens for the page itself, and does not say the token again', async () => {
    const socket = shell.socket();
    expect(await handshake(socket)).toBe('open');
    expect(socket.protocol).toBe('veer');
  });

  it.each([
    ['no token', ['veer']],
    ['a wrong token', ['veer', `token.${otherToken}`]],
    ['an empty token', ['veer', 'token.']],
    ['two tokens, the first wrong', ['veer', `token.${otherToken}`, 'token.x']],
  ])('is refused with %s', async (_, protocols) => {
    expect(await open(protocols)).toBe('401 ACCESS_DENIED');
  });

  it('is refused without our protocol', async () => {
    expect(await open([token()])).toBe('401 ACCESS_DENIED');
    expect(await open([])).toBe('401 ACCESS_DENIED');
  });

  it.each(['https://evil.example', 'null', `http://localhost:1`])(
    'is refused to a page of origin %s, even with the token',
    async (origin) => {
      expect(await open(undefined, { origin })).toBe('403 ACCESS_DENIED');
    },
  );

  it('is refused to what does not say its origin', async () => {
    expect(await open(undefined, {})).toBe('403 ACCESS_DENIED');
  });

  it('is refused under a name that was made to point here', async () => {
    const headers = { origin: shell.origin, host: `evil.example:${shell.port}` };
    expect(await open(undefined, headers)).toBe('403 ACCESS_DENIED');
  });

  it('is nowhere else', async () => {
    expect(await open(undefined, undefined, '/')).toBe('404 ACCESS_DENIED');
    expect(await open(undefined, undefined, '/rpc/')).toBe('404 ACCESS_DENIED');
  });

  it('is no page', async () => {
    expect(refused(await shell.ask('GET', '/rpc'))).toBe('426 ACCESS_DENIED');
  });
});

it('listens on the loopback address only', () => {
  expect(shell.origin).toBe(`http://127.0.0.1:${shell.port}`);
});
