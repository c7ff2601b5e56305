/**
 * What a page of another origin can do to the loopback shell in a real browser, although it knows
 * the port and even the token; and that the same things work for the page itself.
 */

import { copyFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaUrl } from '../../src-main/web/access.ts';
import { ITEM, TestShell } from '../../src-main/web/test-web-shell.ts';
import { chromiumProgram } from '../app/programs.ts';
import { UTTERANCE } from '../cli/test-veer.ts';

if (chromiumProgram === null) {
  process.stderr.write('e2e/security/foreign-page: skipped, there is no Chromium.\n');
}

const REBOUND = 'rebound.example';
let shell: TestShell;
let browser: Browser;
let foreign: Server;

beforeAll(async () => {
  if (chromiumProgram === null) return;
  shell = await TestShell.start();
  copyFileSync(UTTERANCE, join(shell.folder, 'playback.opus'));
  foreign = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Foreign</title>');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => foreign.once('listening', resolve));
  browser = await chromium.launch({
    executablePath: chromiumProgram,
    args: [
      `--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`,
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
});
afterAll(async () => {
  if (chromiumProgram === null) return;
  await browser.close();
  foreign.close();
  await shell[Symbol.asyncDispose]();
});

/** What a page got: `yes`, or what it was told instead. */
interface Reached {
  readonly socket: string;
  readonly upload: string;
  readonly recording: string;
  readonly script: string;
}

function reach(page: Page): Promise<Reached> {
  const { origin, token } = shell;
  const recording = origin + mediaUrl(token, ITEM);
  // It runs in the page, of which this project's types know nothing.
  const attempt = `(async () => {
    const element = (name, property, address, loaded) => new Promise((settle) => {
      const made = document.createElement(name);
      made[loaded] = () => settle('yes');
      made.onerror = () => settle('refused');
      made[property] = address;
      document.body.append(made);
    });
    const socket = new Promise((settle) => {
      const made = new WebSocket('${origin.replace('http', 'ws')}/rpc', ['veer', 'token.${token}']);
      made.onopen = () => settle('yes');
      made.onerror = () => settle('refused');
    });
    const upload = fetch('${origin}/upload?name=a.txt', {
      method: 'POST', headers: { authorization: 'Bearer ${token}' }, body: 'words',
    }).then((answer) => answer.ok ? 'yes' : String(answer.status), () => 'refused');
    return {
      socket: await socket,
      upload: await upload,
      recording: await element('audio', 'src', '${recording}', 'onloadedmetadata'),
      script: await element('script', 'src', '${origin}/assets/main-1a2b.js', 'onload'),
    };
  })()`;
  return page.evaluate<Reached>(attempt);
}

function foreignAddress(): string {
  const address = foreign.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
}

describe.skipIf(chromiumProgram === null)('in a real browser', () => {
  it('the page itself reaches everything under its policy', async () => {
    const page = await browser.newPage();
    shell.write('renderer/assets/main-1a2b.js', 'document.title += " runs";');
    await page.goto(shell.server.url);
    expect(await reach(page)).toEqual({
      socket: 'yes',
      upload: 'yes',
      recording: 'yes',
      script: 'yes',
    });
  });

  it('a page of another origin reaches nothing, even with the token', async () => {
    const page = await browser.newPage();
    await page.goto(foreignAddress());
    const before = shell.granted.size;
    expect(await reach(page)).toEqual({
      socket: 'refused',
      upload: 'refused',
      recording: 'refused',
      script: 'refused',
    });
    expect(shell.granted.size).toBe(before);
  });

  it('a form of another origin uploads nothing', async () => {
    const page = await browser.newPage();
    await page.goto(foreignAddress());
    const before = shell.granted.size;
    const address = `${shell.origin}/upload?name=a.txt`;
    await page.evaluate(`(() => {
      document.body.innerHTML =
        '<form method="post" enctype="text/plain" action="${address}"><input name="a"></form>';
      document.forms[0].submit();
    })()`);
    await page.waitForURL(address);
    expect(await page.textContent('body')).toContain('ACCESS_DENIED');
    expect(shell.granted.size).toBe(before);
  });

  it('a name that was made to point here reaches nothing', async () => {
    const page = await browser.newPage();
    const answer = await page.goto(`http://${REBOUND}:${shell.port}/`);
    expect(answer?.status()).toBe(403);
  });

  it('the page runs no script that stands in it, and shows in no frame', async () => {
    shell.write('renderer/index.html', '<body><script>document.title = "ran"</script></body>');
    const page = await browser.newPage();
    await page.goto(shell.server.url);
    expect(await page.title()).not.toBe('ran');
    await page.goto(foreignAddress());
    const refused = page.waitForResponse((answer) => answer.url() === `${shell.origin}/`);
    await page.evaluate(`(() => {
      const frame = document.createElement('iframe');
      frame.src = '${shell.origin}/';
      document.body.append(frame);
    })()`);
    expect((await refused).status()).toBe(403);
  });
});
