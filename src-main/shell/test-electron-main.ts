/**
 * Loaded before the built main script in place of Electron (`node --import`): stands in for the
 * module `electron` as far as the script uses it, plays the part of the page, and says on standard
 * output what happened. The application, its database and its engine are the real ones.
 */

import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { registerHooks } from 'node:module';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { MessagePortMain } from 'electron';
import type { appContract } from '../contract/app-contract.ts';
import { ASK_PORT, GRANT } from '../contract/channels.ts';
import { APP_PAGE } from './app-url.ts';
import { channelDouble } from './test-message-port.ts';

const happened: string[] = [];
const note = (what: string): number => happened.push(what);
const sample = process.env['VEER_TEST_SAMPLE'] ?? '';
const screenArea = { workArea: { x: 0, y: 0, width: 1000, height: 700 } };
const frame = { url: APP_PAGE, parent: null };

let serve: ((request: Request) => Promise<Response>) | undefined;
let grant: ((event: object, path: string) => Promise<{ grantId: string }>) | undefined;

const ipcMain = Object.assign(new EventEmitter(), {
  handle: (channel: string, handler: typeof grant) => {
    if (channel === GRANT) grant = handler;
  },
});

const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  setPath: (name: string) => note(`path ${name}`),
  enableSandbox: () => note('sandbox'),
  requestSingleInstanceLock: () => note('lock') > 0,
  whenReady: async () => note('ready'),
  getVersion: () => '1.2.3',
  getPreferredSystemLanguages: () => ['en'],
  exit: (code: number) => {
    process.stdout.write(`${JSON.stringify({ happened, answers })}\n`, () => process.exit(code));
  },
});

const answers: Record<string, unknown> = {};

class WebContentsDouble extends EventEmitter {
  readonly id = 1;
  setWindowOpenHandler(): void {
    note('guarded');
  }
  postMessage(_channel: string, _message: unknown, [port]: MessagePortMain[]): void {
    if (port !== undefined) playPage(port).catch((error: unknown) => app.exit(fail(error)));
  }
  reload(): void {
    note('reload');
  }
}

class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContentsDouble();
  constructor() {
    super();
    app.emit('web-contents-created', {}, this.webContents);
    note('window');
  }
  async loadURL(url: string): Promise<void> {
    note(`load ${url}`);
    this.emit('ready-to-show');
    ipcMain.emit(ASK_PORT, { sender: this.webContents, senderFrame: frame });
  }
  show(): void {
    note('show');
  }
  getNormalBounds(): object {
    return { x: 1, y: 2, width: 900, height: 600 };
  }
  isMaximized(): boolean {
    return false;
  }
}

/** Drops a file, waits for its transcript, and quits. */
async function playPage(port: MessagePortMain): Promise<void> {
  const client: ContractRouterClient<typeof appContract> = createORPCClient(
    new RPCLink({
      port: {
        on: (event: string, callback: (event?: { data: unknown }) => void) => {
          if (event === 'message') port.on('message', ({ data }) => callback({ data }));
        },
        postMessage: (data: unknown) => port.postMessage(data),
      },
    }),
  );
  port.start();
  const { version, shell, database } = await client.app.info();
  Object.assign(answers, { version, shell, database: database.state });
  const page = await serve?.(new Request(APP_PAGE));
  answers['page'] = page?.status;
  await page?.body?.cancel();
  const { grantId } = (await grant?.({ senderFrame: frame }, sample)) ?? { grantId: '' };
  const settings = {
    task: 'transcribe' as const,
    model: 'starter-asr-en-s',
    proxy: null,
    dtype: null,
    alphas: [0],
    choice: 'plain' as const,
    language: null,
    sourceLanguage: null,
    search: null,
    speech: null,
  };
  const job = await client.jobs.add({ source: { type: 'grant', grantId }, settings, keep: true });
  for await (const event of await client.jobs.watch()) {
    const jobs =
      event.type === 'snapshot' ? event.jobs : event.type === 'changed' ? [event.job] : [];
    const state = jobs.find(({ id }) => id === job.id)?.state;
    if (state === 'done' || state === 'failed' || state === 'cancelled') {
      answers['job'] = state;
      break;
    }
  }
  const segments = await client.history.segments({ runId: job.runId, from: 0, limit: 10 });
  answers['segments'] = segments.length;
  app.emit('before-quit', { preventDefault: () => note('quit prevented') });
}

function fail(error: unknown): number {
  answers['error'] = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return 3;
}

/** A child process of Node in the shape of a utility process. */
function forkDouble(entry: string): object {
  note('engine');
  const child = fork(entry, [String(process.pid)], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  return Object.assign(child, { postMessage: (data: object) => child.send(data) });
}

const nothing = (): void => undefined;
const electron = {
  app,
  BrowserWindow,
  dialog: {
    showErrorBox: (_title: string, text: string) => note(`error: ${text}`),
    showMessageBox: async () => ({ response: 1 }),
  },
  ipcMain,
  Menu: { setApplicationMenu: () => note('menu'), buildFromTemplate: nothing },
  MessageChannelMain: class {
    readonly port1: MessagePortMain;
    readonly port2: MessagePortMain;
    constructor() {
      ({ port1: this.port1, port2: this.port2 } = channelDouble());
    }
  },
  powerMonitor: new EventEmitter(),
  powerSaveBlocker: { start: () => 1, stop: () => true },
  protocol: {
    registerSchemesAsPrivileged: () => note('scheme'),
    handle: (_scheme: string, handler: typeof serve) => {
      serve = handler;
    },
  },
  screen: { getPrimaryDisplay: () => screenArea, getAllDisplays: () => [screenArea] },
  session: {
    defaultSession: {
      setPermissionRequestHandler: () => note('permissions'),
      setPermissionCheckHandler: nothing,
      setDevicePermissionHandler: nothing,
      setSpellCheckerEnabled: nothing,
      webRequest: { onBeforeRequest: nothing },
      on: nothing,
    },
  },
  utilityProcess: { fork: forkDouble },
};

Object.assign(globalThis, { veerTestElectron: electron });
const source = Object.keys(electron)
  .map((name) => `export const ${name} = globalThis.veerTestElectron.${name};`)
  .join('\n');

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: 'veer-test:electron', shortCircuit: true }
      : next(specifier, context),
  load: (url, context, next) =>
    url === 'veer-test:electron'
      ? { format: 'module', source, shortCircuit: true }
      : next(url, context),
});
