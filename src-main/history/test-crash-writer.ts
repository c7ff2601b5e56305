/** Process that commits two segments and is killed in the middle of a third. Not part of the product. */

import { randomUUID } from 'node:crypto';
import { Connection } from './connection.ts';
import { HistoryJobStore } from './job-store.ts';
import { openDatabase } from './open-database.ts';
import { Runs } from './runs.ts';
import { historyFiles, makeSegment, SETTINGS } from './test-history-data.ts';
import { Units } from './units.ts';

const [folder = ''] = process.argv.slice(2);
const now = () => 1000;
const connection = new Connection(openDatabase({ ...historyFiles(folder), now }));
const jobs = new HistoryJobStore(connection, new Runs(connection), new Units(connection), now);
const [id, itemId, runId] = [randomUUID(), randomUUID(), randomUUID()];
jobs.addItem(
  { id: itemId, kind: 'audio', name: 'talk', sourcePath: '/x', ownsSource: false, keep: true },
  { id: runId, itemId, settings: SETTINGS },
  { id, runId, work: { kind: 'whole' } },
);
jobs.setState(id, { state: 'running' });
jobs.commitSegment(id, makeSegment(0, { 0: 'first' }), { done: 1, total: 3 });
jobs.commitSegment(id, makeSegment(1, { 0: 'second' }), { done: 2, total: 3 });
connection.write(() => {
  jobs.commitSegment(id, makeSegment(2, { 0: 'third' }), { done: 3, total: 3 });
  process.kill(process.pid, 'SIGKILL');
});
