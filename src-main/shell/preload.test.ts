import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumProgram } from '../../e2e/app/programs.ts';
import { serveAppUrl } from './protocol.ts';
import { type BuiltProgram, buildProgram } from './test-build.ts';

/** Stands in for `electron` in the page: writes down what the preload does with it. */
function stubElectron(): void {
  const listeners = new Map<string, (event: { ports: object[] }) => void>();
  const state = {
    sent: [] as string[],
    invoked: [] as unknown[][],
    answer: { grantId: 'grant-1' } as object,
    exposed: [] as unknown[][],
    emit: (channel: string, ports: object[]) => listeners.get(channel)?.({ ports }),
  };
  const electron = {
    ipcRenderer: {
      send: (channel: string) => state.sent.push(channel),
      on: (channel: string, listener: (event: { ports: object[] }) => void) =>
        listeners.set(channel, listener),
      invoke: async (...args: unknown[]) => {
        state.invoked.push(args);
        return state.answer;
      },
    },
    contextBridge: {
      exposeInMainWorld: (name: string, value: object) => {
        state.exposed.push([name, Object.keys(value).sort()]);
        Object.assign(globalThis, { [name]: value });
      },
    },
    // Electron knows the path of a file that a person chose, and none of one made by a script.
    webUtils: { getPathForFile: (file: File) => (file.name === 'made.wav' ? '' : `/${file.name}`) },
  };
  Object.assign(globalThis, { electronState: state, require: () => electron });
}

describe.runIf(chromiumProgram !== null)('the built preload in a browser', () => {
  let program: BuiltProgram;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    program = await buildProgram();
    browser = await chromium.launch({
      executablePath: chromiumProgram ?? '',
      args: ['--no-sandbox'],
    });
    page = await browser.newPage();
    await page.route('http://veer.test/**', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><input type="file">' }),
    );
    await page.addInitScript(stubElectron);
    await page.addInitScript({ path: join(program.output, 'preload', 'preload.cjs') });
    await page.goto('http://veer.test/');
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await program.remove();
  });

  const run = <T>(code: string): Promise<T> => page.evaluate<T>(code);

  test('the page is offered the shell and the way to grant a file, nothing else', async () => {
    expect(await run('electronState.exposed')).toEqual([['veer', ['grantFile', 'shell']]]);
    expect(await run('veer.shell')).toBe('electron');
  });

  test('a port is asked for when the page asks, not before, and not for a frame', async () => {
    expect(await run('electronState.sent')).toEqual([]);
    await run(`new Promise((resolve) => {
      const frame = document.createElement('iframe');
      frame.srcdoc = '<script>parent.postMessage("veer:ask-port", "*")</script>';
      frame.onload = () => setTimeout(resolve, 50);
      document.body.append(frame);
    })`);
    await run(`window.postMessage('something else', location.origin)`);
    expect(await run('electronState.sent')).toEqual([]);
    await run(`new Promise((resolve) => {
      window.addEventListener('message', () => setTimeout(resolve, 0), { once: true });
      window.postMessage('veer:ask-port', location.origin);
    })`);
    expect(await run('electronState.sent')).toEqual(['veer:ask-port']);
  });

  test('the port reaches the page and carries messages', async () => {
    const heard = await run(`new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      window.addEventListener('message', (event) => {
        if (event.data !== 'veer:port') return;
        const own = event.source === window && event.origin === location.origin;
        event.ports[0].onmessage = ({ data }) => resolve([own, event.ports.length, data]);
      });
      electronState.emit('veer:port', [port2]);
      port1.postMessage('hello');
    })`);
    expect(heard).toEqual([true, 1, 'hello']);
  });

  test('the built screens run under the policy of app:// and ask for their port', async () => {
    const screens = await browser.newPage();
    const complaints: string[] = [];
    screens.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    screens.on('pageerror', (error) => complaints.push(error.message));
    await screens.route('https://veer.test/**', async (route) => {
      const url = new URL(route.request().url());
      const response = await serveAppUrl(
        { url: `app://veer${url.pathname}`, method: 'GET', headers: new Headers() },
        { rendererDirectory: join(program.output, 'renderer'), playbackFile: () => '' },
      );
      await route.fulfill({
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: Buffer.from(await response.arrayBuffer()),
      });
    });
    await screens.addInitScript(stubElectron);
    await screens.addInitScript({ path: join(program.output, 'preload', 'preload.cjs') });
    await screens.goto('https://veer.test/index.html');
    await screens.waitForFunction('electronState.sent.length > 0');
    expect(await screens.evaluate('electronState.sent')).toEqual(['veer:ask-port']);
    expect(await screens.evaluate('document.body.innerText.trim().length > 0')).toBe(true);
    expect(complaints).toEqual([]);
    await screens.close();
  });

  test('a chosen file becomes a grant, and its path does not come back', async () => {
    await page.setInputFiles('input', {
      name: 'talk.wav',
      mimeType: 'audio/wav',
      buffer: Buffer.from('x'),
    });
    expect(await run(`veer.grantFile(document.querySelector('input').files[0])`)).toBe('grant-1');
    expect(await run('electronState.invoked')).toEqual([['veer:grant', '/talk.wav']]);
  });

  test('a file made by a script is refused before anybody is asked', async () => {
    const before = await run<unknown[]>('electronState.invoked');
    await expect(run(`veer.grantFile(new File(['x'], 'made.wav'))`)).rejects.toThrow(
      'Only files from',
    );
    expect(await run('electronState.invoked')).toEqual(before);
  });

  test('a refusal comes as a sentence for people', async () => {
    await run(
      `void (electronState.answer = { code: 'FILE_IS_DIRECTORY', message: 'It is a folder.' })`,
    );
    await expect(run(`veer.grantFile(document.querySelector('input').files[0])`)).rejects.toThrow(
      'It is a folder.',
    );
  });
});
