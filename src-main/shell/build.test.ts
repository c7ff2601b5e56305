import { execFile, fork } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { type Browser, chromium, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { engineContract } from '../contract/engine-contract.ts';
import { processPort } from '../contract/process-port.ts';
import { serveAppUrl } from './protocol.ts';
import { findChromium } from './test-chromium.ts';

const root = resolve(import.meta.dirname, '../..');

let project: string;
let output: string;
beforeAll(async () => {
  // Within the project, so that the packages left outside the bundle are found.
  await mkdir(join(root, 'out'), { recursive: true });
  project = await mkdtemp(join(root, 'out', 'test-'));
  output = join(project, 'out');
  await symlink(join(root, 'models'), join(project, 'models'), 'junction');
  await promisify(execFile)(
    process.execPath,
    [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--outDir', output],
    // A build that tried to fetch Electron would fail here.
    { cwd: root, env: { ...process.env, ELECTRON_MIRROR: 'http://127.0.0.1:9/' } },
  );
}, 120_000);
afterAll(() => rm(project, { recursive: true, force: true }));

const built = (...path: string[]): Promise<string> => readFile(join(output, ...path), 'utf8');

/** What a module imports from outside itself. */
function imported(code: string): string[] {
  const names = [...code.matchAll(/^(?:import|export)\b[^'"]*?["']([^"']+)["'];?$/gm)];
  return [...new Set(names.map((match) => match[1] ?? ''))];
}

async function packagesOf(file: string): Promise<string[]> {
  const found = new Set<string>();
  for (const name of imported(await built('main', file))) {
    if (name.startsWith('.')) {
      for (const inner of await packagesOf(join(file, '..', name))) found.add(inner);
    } else if (!name.startsWith('node:') && !builtinModules.includes(name)) found.add(name);
  }
  return [...found].sort();
}

test('the main process brings everything along but Electron and SQLite, and no model runtime', async () => {
  expect(await packagesOf('main.mjs')).toEqual(['better-sqlite3', 'electron']);
});

test('the engine brings everything along but what has native parts, and nothing of Electron', async () => {
  const packages = await packagesOf('engine-process.mjs');
  expect(packages).toContain('onnxruntime-node');
  expect(packages.filter((name) => !/^(onnxruntime-node|node-av)(\/|$)/.test(name))).toEqual([]);
});

test('nothing opens an address outside, embeds a page or loosens the window', async () => {
  const code = await built('main', 'main.mjs');
  expect(code).not.toMatch(/openExternal|<webview|loadFile\(/);
  expect(code).not.toMatch(/(nodeIntegration|webviewTag|allowRunningInsecureContent): (true|!0)/);
  expect(code).not.toMatch(/(contextIsolation|sandbox|webSecurity): (false|!1)/);
});

test('the preload is one CommonJS file that asks for nothing but electron', async () => {
  expect(await readdir(join(output, 'preload'))).toEqual(['preload.cjs']);
  const code = await built('preload', 'preload.cjs');
  expect([...code.matchAll(/require\(["']([^"']+)/g)].map((match) => match[1])).toEqual([
    'electron',
  ]);
  expect(imported(code)).toEqual([]);
});

test('the page has no inline script or style and names no other origin', async () => {
  const page = await built('renderer', 'index.html');
  for (const [, attributes, text] of page.matchAll(/<script([^>]*)>([^<]*)</g)) {
    expect(attributes).toMatch(/src="\.\/assets\//);
    expect(text).toBe('');
  }
  expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|https?:/);
});

test('the built engine runs on the packages it finds beside it', async () => {
  const child = fork(join(output, 'main', 'engine-process.mjs'), [String(process.pid)], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    const client: ContractRouterClient<typeof engineContract> = createORPCClient(
      new RPCLink({ port: processPort(child) }),
    );
    const devices = await client.devices();
    expect(devices.map((device) => device.device)).toContain('cpu');
  } finally {
    child.kill('SIGKILL');
  }
});

test('the built main script starts, answers its page, does a job and ends', async () => {
  const data = await mkdtemp(join(tmpdir(), 'veer-main-'));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--import',
      join(import.meta.dirname, 'test-electron-main.ts'),
      join(output, 'main', 'main.mjs'),
    ],
    {
      timeout: 50_000,
      env: {
        ...process.env,
        HOME: data,
        APPDATA: data,
        XDG_DATA_HOME: data,
        VEER_TEST_SAMPLE: join(root, 'resources/samples/recorded-digits.en.flac'),
      },
    },
  );
  const { happened, answers } = JSON.parse(stdout) as { happened: string[]; answers: object };
  expect(answers).toMatchObject({
    version: '1.2.3',
    shell: 'electron',
    database: 'ready',
    page: 200,
    job: 'done',
  });
  const order = ['path userData', 'sandbox', 'scheme', 'lock', 'ready', 'permissions', 'menu'];
  expect(happened.filter((what) => order.includes(what))).toEqual(order);
  expect(happened.slice(0, 5)).toEqual(order.slice(0, 5));
  expect(happened).toEqual(
    expect.arrayContaining(['guarded', 'load app://veer/index.html', 'show', 'engine']),
  );
  expect(happened.indexOf('guarded')).toBeLessThan(happened.indexOf('load app://veer/index.html'));
  expect(happened.at(-1)).toBe('quit prevented');
  await rm(data, { recursive: true });
});

const executablePath = findChromium();

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

describe.runIf(executablePath !== null)('the built preload in a browser', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args: ['--no-sandbox'],
    });
    page = await browser.newPage();
    await page.route('http://veer.test/**', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><input type="file">' }),
    );
    await page.addInitScript(stubElectron);
    await page.addInitScript({ path: join(output, 'preload', 'preload.cjs') });
    await page.goto('http://veer.test/');
  }, 60_000);
  afterAll(() => browser.close());

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
        { rendererDirectory: join(output, 'renderer'), playbackFile: () => '' },
      );
      await route.fulfill({
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: Buffer.from(await response.arrayBuffer()),
      });
    });
    await screens.addInitScript(stubElectron);
    await screens.addInitScript({ path: join(output, 'preload', 'preload.cjs') });
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
