/** Histories on real files for the tests; not part of the product. */

import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { HistoryQuery } from '../contract/history.ts';
import type { Job } from '../contract/jobs.ts';
import { History } from './history.ts';
import { FACTS, historyFiles, makeSegment, SETTINGS } from './test-history-data.ts';

/** Deleted when the test ends. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'veer-history-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** @param clock its `now` is the time; it stands still */
export async function testHistory(folder?: string, clock = { now: 1000 }): Promise<History> {
  const history = History.open({
    ...historyFiles(folder ?? (await testFolder())),
    now: () => clock.now,
  });
  onTestFinished(() => history.close().catch(() => undefined));
  return history;
}

export interface TestItem {
  readonly name?: string;
  readonly kind?: 'audio' | 'text';
  readonly keep?: boolean;
  readonly texts?: readonly string[];
}

/** An item with one run, its facts, and a plain segment for each text; its job waits. */
export function addItem(
  { jobs }: History,
  { name = 'talk.wav', kind = 'audio', keep = true, texts = [] }: TestItem = {},
): Job {
  const id = randomUUID();
  const runId = randomUUID();
  const job = jobs.addItem(
    { id, kind, name, sourcePath: `/data/${id}/source.wav`, ownsSource: true, keep },
    { id: runId, itemId: id, settings: SETTINGS },
    { id: randomUUID(), runId, work: { kind: 'whole' } },
  );
  jobs.setRunFacts(runId, FACTS);
  texts.forEach((text, index) => {
    jobs.commitSegment(job.id, makeSegment(index, { 0: text }), { done: index + 1, total: null });
  });
  return job;
}

export function query(text: string, change: Partial<HistoryQuery> = {}): HistoryQuery {
  return { text, kind: null, state: null, cursor: null, limit: 50, ...change };
}

/** Every file below a folder, by path, byte by byte as latin-1. */
function readEveryFile(folder: string): ReadonlyMap<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, readFileSync(path, 'latin1')]),
  );
}

/** Names of files that hold the text. */
export function filesWith(folder: string, text: string): readonly string[] {
  const bytes = Buffer.from(text).toString('latin1');
  return [...readEveryFile(folder)].filter(([, all]) => all.includes(bytes)).map(([path]) => path);
}
