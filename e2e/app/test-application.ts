/** The real application in each of its shells, with a data folder of its own. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { _electron, type BrowserContext, type Page } from '@playwright/test';
import { electronPath, ROOT } from './programs.ts';

export interface TestApplication {
  /** Starts it on the same data, and shows its page. */
  start(): Promise<Page>;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

/** Makes the page report what must not happen. */
export type Watch = (page: Page) => Promise<void>;

/** `veer serve` and a tab of Chromium. */
export class WebApplication implements TestApplication {
  readonly #folder = mkdtempSync(join(tmpdir(), 'veer-app-'));
  readonly #context: BrowserContext;
  readonly #watch: Watch;
  #server: ChildProcess | null = null;
  #page: Page | null = null;
  /** As printed, with the key. */
  address = '';

  constructor(context: BrowserContext, watch: Watch) {
    this.#context = context;
    this.#watch = watch;
  }

  async start(): Promise<Page> {
    await this.serve(0);
    this.#page ??= await this.tab();
    await this.#page.goto(this.address);
    return this.#page;
  }

  /** An empty tab. */
  async tab(): Promise<Page> {
    const page = await this.#context.newPage();
    await this.#watch(page);
    return page;
  }

  /** Starts the server only. @param port 0 takes any */
  async serve(port: number): Promise<void> {
    const cli = join(ROOT, 'src-main', 'cli.ts');
    const args = [cli, 'serve', '--no-open', '--port', String(port), '--data', this.#folder];
    const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#server = server;
    for await (const line of createInterface({ input: server.stdout })) {
      const [, address] = /^Veer: (http\S+)$/.exec(line) ?? [];
      if (address === undefined) continue;
      this.address = address;
      // What it prints later must not fill the pipe.
      server.stdout.resume();
      return;
    }
    throw new Error('veer serve ended without an address.');
  }

  async kill(): Promise<void> {
    await killed(this.#server);
    this.#server = null;
  }

  /** Writes over the database; to be called while it is not running. */
  damageDatabase(): void {
    writeFileSync(join(this.#folder, 'veer.db'), 'this is no database'.repeat(500));
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The built application in Electron. */
export class ElectronApplication implements TestApplication {
  readonly #folder = mkdtempSync(join(tmpdir(), 'veer-electron-'));
  readonly #watch: Watch;
  #process: ChildProcess | null = null;

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  async start(): Promise<Page> {
    // Where data lies by default follows from these, on each system from another one.
    const { HOME: _home, ...others } = process.env;
    const place = { HOME: this.#folder, XDG_DATA_HOME: this.#folder, APPDATA: this.#folder };
    const application = await _electron.launch({
      executablePath: electronPath ?? '',
      args: [ROOT],
      env: { ...defined(others), ...place },
    });
    this.#process = application.process();
    const page = await application.firstWindow();
    await this.#watch(page);
    return page;
  }

  async kill(): Promise<void> {
    await killed(this.#process);
    this.#process = null;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function killed(process: ChildProcess | null): Promise<void> {
  if (process === null || process.exitCode !== null || process.signalCode !== null) return;
  const exit = once(process, 'exit');
  process.kill('SIGKILL');
  await exit;
}

function defined(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
