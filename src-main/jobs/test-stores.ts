/** The stores over which the queue is tested: each must keep the same promises. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { History } from '../history/history.ts';
import type { JobStore } from './job-store.ts';
import { MemoryStore } from './test-memory-store.ts';

type OpenStore = () => JobStore;

/** Name, how to open one, and how many sequences of a property test it can take. */
export const STORES: readonly (readonly [string, OpenStore, number])[] = [
  ['in memory', () => new MemoryStore(), 300],
  ['of the history', openHistory, 25],
];

function openHistory(): JobStore {
  const directory = mkdtempSync(join(tmpdir(), 'veer-queue-'));
  const history = History.open({
    file: join(directory, 'veer.db'),
    backupsDirectory: join(directory, 'backups'),
    now: () => 1_700_000_000_000,
  });
  onTestFinished(async () => {
    await history.close();
    rmSync(directory, { recursive: true });
  });
  return history.jobs;
}
