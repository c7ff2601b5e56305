/** One start of the program that is killed. Linux only: its engines are found through /proc. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, statusOf } from '../process-status.ts';
import { type CrashReport, crashReportSchema } from './crash-report.ts';

const APP = join(import.meta.dirname, 'crash-app.ts');

export class AppUnderTest {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #read: Promise<void>;

  constructor(folder: string, onReport: (report: CrashReport) => void) {
    const child = spawn(process.execPath, [APP, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    this.#ended = once(child, 'exit');
    this.#read = readReports(child, onReport);
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when it has ended and all that it said was read. */
  async ended(): Promise<void> {
    await this.#ended;
    await this.#read;
  }

  /** Process ids of its engines. */
  engines(): readonly number[] {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && statusOf(pid)?.parent === this.#child.pid);
  }

  /** @returns how many engines were killed */
  killEngine(): number {
    const engines = this.engines();
    for (const pid of engines) process.kill(pid, 'SIGKILL');
    return engines.length;
  }

  /**
   * @param withEngine kills the engines too, first
   * @throws Error where an engine is alive two seconds later
   */
  async kill(withEngine: boolean): Promise<void> {
    // Stopped first, so that it starts no engine between the look and the kill.
    this.#child.kill('SIGSTOP');
    const engines = this.engines();
    if (withEngine) this.killEngine();
    this.#child.kill('SIGKILL');
    const deadline = performance.now() + 2000;
    await this.ended();
    let orphans = engines.filter(isAlive);
    while (orphans.length > 0 && performance.now() < deadline) {
      await delay(20);
      orphans = orphans.filter(isAlive);
    }
    if (orphans.length > 0) throw new Error(`engine ${orphans.join(', ')} outlived its parent`);
  }
}

async function readReports(
  child: ChildProcess,
  onReport: (report: CrashReport) => void,
): Promise<void> {
  if (child.stdout === null) throw new Error('no output');
  for await (const line of createInterface(child.stdout)) {
    const report = parsed(line);
    if (report !== null) onReport(crashReportSchema.parse(report));
  }
}

/** Null for a line that was cut off by a kill. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
