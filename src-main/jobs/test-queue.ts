/** A queue over a scripted engine, and what tests do to it again and again. */

import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Job, JobWork, RunSettings } from '../contract/jobs.ts';
import { EncoderCache } from './encoder-cache.ts';
import { JobQueue } from './job-queue.ts';
import type { JobStore, NewItem } from './job-store.ts';
import type { QueueEngine } from './queue-ports.ts';
import { readScriptedSentences, ScriptedEngine } from './test-scripted-engine.ts';

export const SETTINGS: RunSettings = {
  task: 'translate',
  model: null,
  proxy: null,
  dtype: null,
  alphas: [0],
  choice: 'plain',
  language: null,
  sourceLanguage: null,
  search: null,
  speech: null,
};

export function newItem(path: string): NewItem {
  return {
    id: randomUUID(),
    kind: path.startsWith('audio') ? 'audio' : 'text',
    name: path,
    sourcePath: path,
    ownsSource: false,
    keep: true,
  };
}

export function variants(alphas: readonly number[], units: readonly number[] | null = null) {
  return {
    kind: 'variants',
    alphas: [...alphas],
    units: units && [...units],
  } as const satisfies JobWork;
}

interface QueueOptions {
  /** What the settings ask for. */
  readonly device?: 'auto' | 'cpu' | 'webgpu';
  readonly encoderCache?: EncoderCache;
  readonly faults?: { push(fault: unknown): unknown };
}

export function queueOver(
  store: JobStore,
  engine: QueueEngine,
  {
    device = 'cpu' as const,
    encoderCache = new EncoderCache(join(tmpdir(), `veer-test-${randomUUID()}`), () => 0),
    faults = [],
  }: QueueOptions = {},
): JobQueue {
  return new JobQueue({
    store,
    engine,
    encoderCache,
    readSentences: readScriptedSentences,
    reportFault: (fault) => faults.push(fault),
    planRun: async (settings) => ({
      sourceLanguage: null,
      options: {
        modelDirectory: 'scripted',
        proxyDirectory: null,
        dtype: null,
        device,
        threads: 1,
        alphas: settings.alphas ?? [0],
        language: null,
        search: null,
        sourceLanguage: null,
        batchSize: null,
      },
    }),
  });
}

/** Lets the queue do all that it can do by itself. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 4; i++) await turn();
}

/** A started queue over a scripted engine, and over a store that outlives both. */
export class TestProgram {
  readonly store: JobStore;
  engine = new ScriptedEngine();
  queue: JobQueue;

  constructor(store: JobStore) {
    this.store = store;
    this.queue = queueOver(store, this.engine);
    this.queue.start();
  }

  /** Another start over the same store, after the program was killed. */
  restart(options: QueueOptions = {}): void {
    this.engine = new ScriptedEngine();
    this.queue = queueOver(this.store, this.engine, options);
    this.queue.start();
  }

  add(path: string, alphas: readonly number[] = [0]): Job {
    return this.queue.addItem(newItem(path), { ...SETTINGS, alphas: [...alphas] });
  }

  async steps(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      await settled();
      this.engine.step();
    }
    await settled();
  }

  /** The last request's units. */
  get asked(): readonly number[] | undefined {
    return this.engine.requests.at(-1)?.indices;
  }

  stateOf(job: Job): Job['state'] | undefined {
    return this.queue.list().find(({ id }) => id === job.id)?.state;
  }

  /** Of every unit that is there, by α. */
  texts(job: Job): readonly (readonly string[] | undefined)[] {
    return this.store
      .units(job.runId)
      .map(({ index }) => this.store.segment(job.runId, index)?.variants.map(({ text }) => text));
  }
}
