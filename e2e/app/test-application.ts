/** The real application in each of its shells, with a data folder of its own. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { _electron, type BrowserContext, type Page } from '@playwright/test';
import { defaultDataDirectory } from '../../src-main/app/data-directory.ts';
import { electronPath, ROOT } from './programs.ts';
import type { Seed } from './test-library.ts';

/** Makes the page report what must not happen. */
export type Watch = (page: Page) => Promise<void>;

/** What a test does with the application. */
export interface TestApplication {
  /** Starts it, where it is not running, on the same data, and shows its page anew. */
  start(): Promise<Page>;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
}

/** A program and its data, which tests may share. */
export class TestProgram {
  readonly folder: string;
  protected process: ChildProcess | null = null;

  /** @param dataIn where the program stores its data, of what it is given as its place */
  constructor(seed: Seed | null, dataIn: (folder: string) => string) {
    this.folder = mkdtempSync(join(tmpdir(), 'veer-app-'));
    seed?.fill(dataIn(this.folder));
  }

  /** Ends it with SIGKILL. */
  async kill(): Promise<void> {
    const { process } = this;
    this.process = null;
    if (process === null || process.exitCode !== null || process.signalCode !== null) return;
    const exit = once(process, 'exit');
    process.kill('SIGKILL');
    await exit;
  }

  /** Ends it and removes its data. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** `veer serve`. */
export class WebProgram extends TestProgram {
  /** As printed, with the key. */
  address = '';

  constructor(seed: Seed | null) {
    super(seed, (folder) => folder);
  }

  get running(): boolean {
    return this.process !== null;
  }

  /** @param port 0 takes any */
  async serve(port: number): Promise<void> {
    const cli = join(ROOT, 'src-main', 'cli.ts');
    const args = [cli, 'serve', '--no-open', '--port', String(port), '--data', this.folder];
    const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.process = server;
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

  /** Writes over the database; to be called while it is not running. */
  damageDatabase(): void {
    writeFileSync(join(this.folder, 'veer.db'), 'this is no database'.repeat(500));
  }
}

/** `veer serve` and a tab of Chromium. */
export class WebApplication implements TestApplication {
  readonly program: WebProgram;
  readonly #context: BrowserContext;
  readonly #watch: Watch;
  #page: Page | null = null;

  constructor(program: WebProgram, context: BrowserContext, watch: Watch) {
    this.program = program;
    this.#context = context;
    this.#watch = watch;
  }

  async start(): Promise<Page> {
    if (!this.program.running) await this.program.serve(0);
    this.#page ??= await this.tab();
    await this.#page.goto(this.program.address);
    return this.#page;
  }

  /** An empty tab. */
  async tab(): Promise<Page> {
    const page = await this.#context.newPage();
    await this.#watch(page);
    return page;
  }

  kill(): Promise<void> {
    return this.program.kill();
  }
}

/** The built application in Electron. */
export class ElectronProgram extends TestProgram {
  #page: Page | null = null;

  constructor(seed: Seed | null) {
    super(seed, (folder) => {
      const { platform } = process;
      return defaultDataDirectory({ platform, env: placesIn(folder), home: folder });
    });
  }

  async page(): Promise<Page> {
    if (this.#page !== null && this.process !== null) {
      await this.#page.reload();
      return this.#page;
    }
    const application = await _electron.launch({
      executablePath: electronPath ?? '',
      args: [ROOT],
      env: { ...defined(process.env), ...placesIn(this.folder) },
    });
    this.process = application.process();
    this.#page = await application.firstWindow();
    return this.#page;
  }
}

/** Its window. */
export class ElectronApplication implements TestApplication {
  readonly #program: ElectronProgram;
  readonly #watch: Watch;
  #watched: Page | null = null;

  constructor(program: ElectronProgram, watch: Watch) {
    this.#program = program;
    this.#watch = watch;
  }

  async start(): Promise<Page> {
    const page = await this.#program.page();
    if (this.#watched !== page) await this.#watch(page);
    this.#watched = page;
    return page;
  }

  kill(): Promise<void> {
    return this.#program.kill();
  }
}

/** Keeps a program from one test to the next as long as they ask for the same one. */
export class KeptProgram<P extends TestProgram> {
  readonly #make: (seed: Seed | null) => P;
  #kept: { readonly key: string; readonly seed: Seed | null; readonly program: P } | null = null;

  constructor(make: (seed: Seed | null) => P) {
    this.#make = make;
  }

  /** @param seed another one makes another program, too */
  async of(key: string, seed: Seed | null): Promise<P> {
    if (this.#kept?.key !== key || this.#kept.seed !== seed) {
      await this.remove();
      this.#kept = { key, seed, program: this.#make(seed) };
    }
    return this.#kept.program;
  }

  async remove(): Promise<void> {
    await this.#kept?.program.remove();
    this.#kept = null;
  }
}

/** Where data lies by default follows from these, on each system from another one. */
function placesIn(folder: string): Readonly<Record<string, string>> {
  return { HOME: folder, XDG_DATA_HOME: folder, APPDATA: folder };
}

function defined(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
