/** Kills a working program again and again, and checks that nothing was lost, doubled or changed. */

import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { History } from '../../src-main/history/history.ts';
import { AppUnderTest } from './app-under-test.ts';
import { type InputSizes, writeInputs } from './crash-inputs.ts';
import type { CrashReport } from './crash-report.ts';
import { addFinishJournal, readFinishJournal } from './finish-journal.ts';

export interface CrashOptions {
  readonly kills: number;
  readonly seed: number;
  readonly log: (line: string) => void;
}

export interface CrashOutcome {
  readonly kills: Readonly<Record<'app' | 'engine' | 'both', number>>;
  readonly jobs: number;
  readonly units: number;
  /** Seconds of the undisturbed and of the disturbed run. */
  readonly undisturbed: number;
  readonly disturbed: number;
  /** What went wrong; empty where nothing did. */
  readonly faults: readonly string[];
}

type Idle = Extract<CrashReport, { type: 'idle' }>;
type Target = 'app' | 'engine' | 'both';

/** Work for few kills, and for many. */
const LITTLE: InputSizes = { sentences: 8, seconds: 24 };
const MUCH: InputSizes = { sentences: 18, seconds: 45 };

/** Engine kills in a row, without a new segment, after which a job rightly fails. */
const MOST_ENGINE_KILLS = 2;

export async function runCrashes({ kills, seed, log }: CrashOptions): Promise<CrashOutcome> {
  const root = await mkdtemp(join(tmpdir(), 'veer-crash-'));
  try {
    const folders = [join(root, 'undisturbed'), join(root, 'disturbed')] as const;
    for (const folder of folders) await mkdir(folder);
    await writeInputs(folders[0], kills > 20 ? MUCH : LITTLE);
    await cp(folders[0], folders[1], { recursive: true });
    for (const folder of folders) await prepareDatabase(folder);
    const start = performance.now();
    const expected = await undisturbedRun(folders[0]);
    const between = performance.now();
    log(`undisturbed: ${expected.jobs.length} jobs, ${expected.units.length} outputs`);
    const disturbed = new DisturbedRun(folders[1], expected.units.length, seed, log);
    const idle = await disturbed.run(kills);
    const end = performance.now();
    const faults = [
      ...disturbed.faults,
      ...compare(expected, idle, disturbed.committed, readFinishJournal(folders[1])),
    ];
    return {
      kills: disturbed.kills,
      jobs: idle.jobs.length,
      units: idle.units.length,
      undisturbed: (between - start) / 1000,
      disturbed: (end - between) / 1000,
      faults,
    };
  } finally {
    await rm(root, { recursive: true });
  }
}

async function prepareDatabase(folder: string): Promise<void> {
  const file = join(folder, 'veer.db');
  await History.open({ file, backupsDirectory: join(folder, 'backups'), now: Date.now }).close();
  addFinishJournal(folder);
}

async function undisturbedRun(folder: string): Promise<Idle> {
  let idle: Idle | null = null;
  await new AppUnderTest(folder, (report) => {
    if (report.type === 'idle') idle = report;
  }).ended();
  if (idle === null) throw new Error('the undisturbed run did not end well');
  return idle;
}

class DisturbedRun {
  readonly faults: string[] = [];
  /** What was said to be stored: unit → digest. */
  readonly committed = new Map<string, string>();
  readonly kills = { app: 0, engine: 0, both: 0 };
  readonly #folder: string;
  readonly #outputs: number;
  readonly #random: () => number;
  readonly #log: (line: string) => void;
  #idle: Idle | null = null;
  #engineKills = 0;

  constructor(folder: string, outputs: number, seed: number, log: (line: string) => void) {
    this.#folder = folder;
    this.#outputs = outputs;
    this.#random = randomNumbers(seed);
    this.#log = log;
  }

  async run(kills: number): Promise<Idle> {
    let app = this.#start();
    for (let kill = 0; kill < kills; kill++) {
      // Spread over the work, so that the last kill still finds some; then a moment by the clock.
      const from = ((kill + this.#random()) / kills) * this.#outputs * 0.9;
      while (app.alive && this.committed.size < from) await delay(5);
      await delay(this.#random() * 400);
      if (this.#idle !== null) this.faults.push(`all was done before kill ${kill + 1}`);
      if (this.#idle !== null) break;
      if (!app.alive) throw new Error('the program ended by itself');
      app = await this.#kill(app, kill);
    }
    await app.ended();
    if (this.#idle === null) throw new Error('the program did not get to the end of its jobs');
    return this.#idle;
  }

  #start(): AppUnderTest {
    return new AppUnderTest(this.#folder, (report) => this.#hear(report));
  }

  async #kill(app: AppUnderTest, kill: number): Promise<AppUnderTest> {
    const targets: readonly Target[] = ['app', 'engine', 'both'];
    let target = targets[Math.floor(this.#random() * 3)] ?? 'app';
    if (target === 'engine' && this.#engineKills >= MOST_ENGINE_KILLS) target = 'app';
    let note = '';
    if (target === 'engine') {
      const killed = app.killEngine();
      if (killed === 0) note = ' (none was running)';
      else this.#engineKills++;
    } else {
      await app.kill(target === 'both').catch((fault: unknown) => this.faults.push(String(fault)));
    }
    this.kills[target]++;
    this.#log(`kill ${kill + 1}: ${target}${note} after ${this.committed.size} outputs`);
    return target === 'engine' ? app : this.#start();
  }

  #hear(report: CrashReport): void {
    switch (report.type) {
      case 'commit':
        this.#engineKills = 0;
        for (const { unit, digest } of report.units) {
          const before = this.committed.get(unit);
          if (before !== undefined && before !== digest) this.faults.push(`${unit} was changed`);
          this.committed.set(unit, digest);
        }
        break;
      case 'fault':
        this.faults.push(report.message);
        break;
      case 'idle':
        this.#idle = report;
        break;
      case 'started':
        break;
    }
  }
}

function compare(
  expected: Idle,
  idle: Idle,
  committed: ReadonlyMap<string, string>,
  finishes: readonly string[],
): string[] {
  const faults: string[] = [];
  for (const { id, name, state } of idle.jobs) {
    if (state !== 'done') faults.push(`${name} is ${state}`);
    const times = finishes.filter((finished) => finished === id).length;
    if (times !== 1) faults.push(`${name} was done ${times} times`);
  }
  const names = (jobs: Idle['jobs']) => jobs.map(({ name }) => name).sort();
  if (JSON.stringify(names(idle.jobs)) !== JSON.stringify(names(expected.jobs))) {
    faults.push('there are other jobs than in the undisturbed run');
  }
  const stored = new Map(idle.units.map(({ unit, digest }) => [unit, digest]));
  if (stored.size !== idle.units.length) faults.push('an output is stored twice');
  for (const [unit, digest] of committed) {
    if (stored.get(unit) !== digest) faults.push(`${unit} was committed and is not there`);
  }
  for (const { unit, digest } of expected.units) {
    if (stored.get(unit) !== digest) faults.push(`${unit} is not as in the undisturbed run`);
  }
  if (stored.size !== expected.units.length)
    faults.push('there are other outputs than undisturbed');
  return faults;
}

/** Mulberry32: numbers from 0 to 1 that a seed repeats. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
