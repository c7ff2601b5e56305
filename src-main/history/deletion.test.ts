import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makeBackup } from './backups.ts';
import type { History } from './history.ts';
import { openDatabase } from './open-database.ts';
import { addItem, filesWith, query, testFolder, testHistory } from './test-history.ts';
import { historyFiles, makeSegment, TIMINGS } from './test-history-data.ts';
import { listBackups } from './ways-out.ts';

const code = (code: string) => expect.objectContaining({ code });

/** An item whose words stand in every place that can hold text. */
function addEverywhere(history: History, word: string, texts: number) {
  const job = addItem(history, { name: `${word}name recording` });
  for (let i = 0; i < texts; i += 1) {
    const segment = {
      ...makeSegment(i, { 0: `some ${word}plain${i} text`, 0.05: `other ${word}nudged${i} text` }),
      source: `${word}source`,
      separator: `${word}separator`,
    };
    history.jobs.commitSegment(job.id, segment, { done: i, total: texts });
  }
  for (const text of [`${word}corrected`, `${word}twice`, null]) {
    history.change(job.runId, [{ type: 'correct', index: 0, alpha: 0, text }]);
  }
  history.change(job.runId, [{ type: 'choose', index: 1, alpha: 0.05 }]);
  history.setReference(job.runId, 0, `${word}said`);
  history.setReference(job.runId, null, `${word}reference`);
  history.rename(job.itemId, `${word}renamed`);
  const message = `${word}error`;
  history.jobs.setState(job.id, { state: 'failed', error: { code: 'INTERNAL', message } });
  return job;
}

test('after a purge no file holds a byte of the item', async () => {
  const folder = await testFolder();
  const history = await testHistory(folder);
  const kept = addEverywhere(history, 'keptword', 30);
  const gone = addEverywhere(history, 'goneword', 60);
  expect(filesWith(folder, 'goneword').length).toBeGreaterThan(0);
  history.markDeleted([gone.itemId]);
  await history.purge(history.due(1000));
  expect(filesWith(folder, 'goneword')).toEqual([]);
  expect(filesWith(folder, gone.itemId)).toEqual([]);
  expect(() => history.open(gone.itemId)).toThrow(code('ITEM_NOT_FOUND'));
  expect(history.list(query('keptwordplain1')).items.map(({ id }) => id)).toEqual([kept.itemId]);
  await history.close();
  expect(filesWith(folder, 'goneword')).toEqual([]);
});

test('words that were corrected away leave no trace in the index', async () => {
  const folder = await testFolder();
  const history = await testHistory(folder);
  const { runId } = addItem(history, { texts: ['one', 'two', 'three'] });
  for (const text of ['sentinelword here', null]) {
    history.change(runId, [{ type: 'correct', index: 0, alpha: 0, text }]);
  }
  await history.close();
  expect(filesWith(folder, 'sentinelword')).toEqual([]);
});

test('many items purged from among many leave nothing in pages that were split and joined', async () => {
  const folder = await testFolder();
  const history = await testHistory(folder);
  const items = Array.from({ length: 60 }, (_, i) =>
    addItem(history, {
      name: `${i % 3 === 0 ? 'goneword' : 'kept'}${i}`,
      texts: Array.from(
        { length: 8 },
        (_, n) => `${i % 3 === 0 ? 'goneword' : 'kept'}${i}x${n} ${'filling words '.repeat(n * 9)}`,
      ),
    }),
  );
  history.markDeleted(items.filter((_, i) => i % 3 === 0).map(({ itemId }) => itemId));
  await history.purge(history.due(1000));
  expect(filesWith(folder, 'goneword')).toEqual([]);
  expect(history.list(query('')).total).toBe(40);
});

test('backups that hold a purged item go with it; others stay', async () => {
  const folder = await testFolder();
  const { file, backupsDirectory } = historyFiles(folder);
  const first = await testHistory(folder);
  addItem(first, { name: 'keptword' });
  await first.close();
  const backUp = (moment: number) => {
    const database = openDatabase({ file, backupsDirectory, now: () => moment });
    makeBackup(database, backupsDirectory, 20, moment);
    database.close();
  };
  backUp(1_000_000);
  const second = await testHistory(folder);
  const { itemId } = addItem(second, { name: 'goneword' });
  await second.close();
  backUp(2_000_000);
  expect(listBackups(backupsDirectory)).toHaveLength(2);
  expect(filesWith(backupsDirectory, 'goneword')).toHaveLength(1);
  const history = await testHistory(folder);
  await history.purge([itemId]);
  expect(listBackups(backupsDirectory)).toEqual(['veer-19700101T001640000Z-v20.db']);
  expect(filesWith(folder, 'goneword')).toEqual([]);
});

test('a mark can be taken back until the item is due', async () => {
  const clock = { now: 1000 };
  const history = await testHistory(undefined, clock);
  const [a, b] = [addItem(history), addItem(history)];
  history.markDeleted([a.itemId]);
  clock.now = 2000;
  history.markDeleted([a.itemId, b.itemId]);
  expect(history.firstMark()).toBe(1000);
  expect(history.due(1500)).toEqual([a.itemId]);
  expect(() => history.restore([b.itemId, a.itemId])).toThrow(code('ITEM_NOT_FOUND'));
  expect(history.open(b.itemId).item.deletedAt).toBe(2000);
  history.restore([b.itemId]);
  expect(history.open(b.itemId).item.deletedAt).toBeNull();
});

test('an item that is not there is named, and then none is marked', async () => {
  const history = await testHistory();
  const { itemId } = addItem(history);
  expect(() => history.markDeleted([itemId, 'nothing'])).toThrow(code('ITEM_NOT_FOUND'));
  expect(history.firstMark()).toBeNull();
});

test('retention finds old items, but none with an open job', async () => {
  const clock = { now: 1000 };
  const history = await testHistory(undefined, clock);
  const old = addItem(history);
  addItem(history, { name: 'old, still waiting' });
  history.jobs.finishJob(old.id, 6, TIMINGS);
  clock.now = 5000;
  history.jobs.finishJob(addItem(history).id, 6, TIMINGS);
  expect(history.olderThan(5000)).toEqual([old.itemId]);
  history.markDeleted([old.itemId]);
  expect(history.olderThan(5000)).toEqual([]);
});

test('items that are not to be kept are found for the purge', async () => {
  const history = await testHistory();
  const passing = addItem(history, { keep: false, texts: ['passing'] });
  const turned = addItem(history);
  addItem(history);
  history.setKeep(turned.itemId, false);
  expect(history.notKept()).toEqual([passing.itemId, turned.itemId]);
  await history.purge(history.notKept());
  expect(history.list(query('')).total).toBe(1);
});

test('closing in the middle of a purge stops it, and the next start finishes it', async () => {
  const folder = await testFolder();
  const first = await testHistory(folder);
  const gone = addItem(first, { texts: Array.from({ length: 100 }, (_, i) => `goneword${i}`) });
  first.markDeleted([gone.itemId]);
  const purge = first.purge(first.due(1000));
  await setImmediate();
  await first.close();
  await purge;
  const second = await testHistory(folder);
  expect(second.due(0)).toEqual([gone.itemId]);
  await second.purge(second.due(0));
  expect(filesWith(folder, 'goneword')).toEqual([]);
  await second.close();
  expect(existsSync(join(folder, 'veer.db-wal'))).toBe(false);
});
