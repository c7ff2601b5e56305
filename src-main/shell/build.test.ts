import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { engineContract } from '../contract/engine-contract.ts';
import { processPort } from '../contract/process-port.ts';
import { hashHere } from '../engine/files/hash-files.ts';
import { type BuiltProgram, buildProgram, PROJECT } from './test-build.ts';

let program: BuiltProgram;
beforeAll(async () => {
  program = await buildProgram();
}, 120_000);
afterAll(() => program.remove());

const built = (...path: string[]): Promise<string> =>
  readFile(join(program.output, ...path), 'utf8');

/** What a module imports from outside itself, at once or when it is needed. */
function imported(code: string): string[] {
  const names = [
    ...code.matchAll(/^(?:import|export)\b[^'"]*?["']([^"']+)["'];?$/gm),
    ...code.matchAll(/\bimport\(\s*["'`]([^"'`]+)/g),
  ];
  return [...new Set(names.map((match) => match[1] ?? ''))];
}

async function packagesOf(file: string, read = new Set<string>()): Promise<string[]> {
  const found = new Set<string>();
  // What is imported when it is needed may import its importer.
  if (read.has(file)) return [];
  read.add(file);
  for (const name of imported(await built('main', file))) {
    if (name.startsWith('.')) {
      for (const inner of await packagesOf(join(file, '..', name), read)) found.add(inner);
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
  expect(packages).toContain('node-av/lib');
  expect(packages.filter((name) => !/^(onnxruntime-node|node-av)(\/|$)/.test(name))).toEqual([]);
});

test('nothing opens an address outside, embeds a page or loosens the window', async () => {
  const code = await built('main', 'main.mjs');
  expect(code).not.toMatch(/openExternal|<webview|loadFile\(/);
  expect(code).not.toMatch(/(nodeIntegration|webviewTag|allowRunningInsecureContent): (true|!0)/);
  expect(code).not.toMatch(/(contextIsolation|sandbox|webSecurity): (false|!1)/);
});

test('the preload is one CommonJS file that asks for nothing but electron', async () => {
  expect(await readdir(join(program.output, 'preload'))).toEqual(['preload.cjs']);
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
  const child = fork(join(program.output, 'main', 'engine-process.mjs'), [String(process.pid)], {
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

test('the worker that hashes models lies beside the engine', async () => {
  expect(await built('main', 'engine-process.mjs')).toContain('hash-worker');
  const groups = [[join(PROJECT, 'LICENSE')]];
  const worker = new Worker(join(program.output, 'main', 'hash-worker.mjs'), {
    workerData: groups,
    execArgv: [],
  });
  expect(await once(worker, 'message')).toEqual([await hashHere(groups)]);
});

test('the built main script starts, answers its page, does a job and ends', async () => {
  const data = await mkdtemp(join(tmpdir(), 'veer-main-'));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--import',
      join(import.meta.dirname, 'test-electron-main.ts'),
      join(program.output, 'main', 'main.mjs'),
    ],
    {
      timeout: 50_000,
      env: {
        ...process.env,
        HOME: data,
        APPDATA: data,
        XDG_DATA_HOME: data,
        VEER_TEST_SAMPLE: join(PROJECT, 'resources/samples/recorded-digits.en.flac'),
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
