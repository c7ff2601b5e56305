import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { baseTables } from './migrations/0010-base-tables.ts';
import { openDatabase } from './open-database.ts';
import { addItem, query, testFolder, testHistory } from './test-history.ts';
import { historyFiles } from './test-history-data.ts';
import { listBackups, restoreBackup, setAside } from './ways-out.ts';

const now = () => Date.UTC(2026, 10, 21, 11, 37);
const code = (code: string) => expect.objectContaining({ name: 'VeerError', code });
const script = (name: string) => join(import.meta.dirname, name);

test('a crash in the middle of a transaction loses that one and nothing before it', async () => {
  const folder = await testFolder();
  const crash = promisify(execFile)(process.execPath, [script('test-crash-writer.ts'), folder]);
  await expect(crash).rejects.toMatchObject({ signal: 'SIGKILL' });
  const history = await testHistory(folder);
  history.jobs.recover();
  const [job] = history.jobs.jobs();
  expect(job).toMatchObject({ state: 'waiting', done: 2, total: 3, segments: 2 });
  expect(history.segments(job?.runId ?? '', 0, 9).map(({ text }) => text)).toEqual([
    'first',
    'second',
  ]);
  expect(history.list(query('third')).total).toBe(0);
});

test('a second process gets DATABASE_IN_USE until the first is killed', async () => {
  const folder = await testFolder();
  const { file, backupsDirectory } = historyFiles(folder);
  const holder = spawn(process.execPath, [script('test-holder.ts'), folder]);
  onTestFinished(() => {
    holder.kill('SIGKILL');
  });
  await once(holder.stdout, 'data');
  await expect(testHistory(folder)).rejects.toThrow(code('DATABASE_IN_USE'));
  expect(() => setAside(file)).toThrow(code('DATABASE_IN_USE'));
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  openDatabase({ file, backupsDirectory, now }).close();
});

test('what protects the data is switched on', async () => {
  const folder = await testFolder();
  const database = openDatabase({ ...historyFiles(folder), now });
  const value = (name: string) => database.pragma(name, { simple: true });
  expect(
    ['journal_mode', 'synchronous', 'foreign_keys', 'secure_delete', 'locking_mode'].map(value),
  ).toEqual(['wal', 2, 1, 1, 'exclusive']);
  expect(readdirSync(folder).filter((name) => name.endsWith('-shm'))).toEqual([]);
  database.close();
});

test('a database of a newer program is refused and left as it is', async () => {
  const folder = await testFolder();
  const { file } = historyFiles(folder);
  const database = new Database(file);
  database.exec('CREATE TABLE later (x); PRAGMA user_version = 9000;');
  database.close();
  const before = readFileSync(file);
  await expect(testHistory(folder)).rejects.toThrow(code('DATABASE_FROM_FUTURE'));
  expect(readFileSync(file)).toEqual(before);
});

test('a database that holds data is copied before it is migrated, and the copy can be put back', async () => {
  const folder = await testFolder();
  const files = historyFiles(folder);
  const old = openDatabase({ ...files, now }, [baseTables]);
  old.exec(`INSERT INTO items (id, kind, name, created_at, media, keep, source_path, owns_source)
    VALUES ('a', 'text', 'letter', 1, 'none', 1, '/x', 0)`);
  old.close();
  await (await testHistory(folder)).close();
  const [name = ''] = listBackups(files.backupsDirectory);
  expect(name).toBe('veer-19700101T000001000Z-v10.db');
  const later = await testHistory(folder);
  addItem(later, { name: 'afterwards' });
  await later.close();
  restoreBackup(files.file, files.backupsDirectory, name, now());
  const back = await testHistory(folder);
  expect(back.list(query('')).items.map((item) => item.name)).toEqual(['letter']);
  expect(readdirSync(folder)).toContain('veer-set-aside-20261121T113700000Z.db');
});

test('a new database and one that is up to date are not copied', async () => {
  const folder = await testFolder();
  await (await testHistory(folder)).close();
  await (await testHistory(folder)).close();
  expect(existsSync(historyFiles(folder).backupsDirectory)).toBe(false);
});

test('a migration that fails leaves the database as it was', async () => {
  const folder = await testFolder();
  const files = { ...historyFiles(folder), now };
  openDatabase(files, [baseTables]).close();
  const broken = { version: 20, sql: 'CREATE TABLE half (x); SELECT nothing FROM nowhere;' };
  expect(() => openDatabase(files, [baseTables, broken])).toThrow(code('DATABASE_UNUSABLE'));
  const database = openDatabase(files, [baseTables]);
  expect(database.pragma('user_version', { simple: true })).toBe(10);
  expect(database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'half'").get()).toBeUndefined();
  database.close();
});

async function filledFolder(): Promise<string> {
  const folder = await testFolder();
  const history = await testHistory(folder);
  for (let i = 0; i < 30; i += 1) addItem(history, { texts: [`text number ${i} `.repeat(40)] });
  await history.close();
  return folder;
}

const DAMAGE: readonly (readonly [string, (file: string) => void])[] = [
  ['that is another file', (file) => writeFileSync(file, 'not a database '.repeat(1000))],
  ['that was cut off', (file) => truncateSync(file, 4096 * 8)],
  [
    'with overwritten pages',
    (file) => writeFileSync(file, readFileSync(file).fill(0xa5, 4096 * 3, 4096 * 12)),
  ],
];

test.for(DAMAGE)('a database %s is named; it is set aside for an empty one', async ([, harm]) => {
  const folder = await filledFolder();
  const { file } = historyFiles(folder);
  harm(file);
  const damaged = readFileSync(file);
  await expect(testHistory(folder)).rejects.toThrow(code('DATABASE_DAMAGED'));
  const aside = setAside(file, now());
  expect(readFileSync(aside ?? '')).toEqual(damaged);
  const history = await testHistory(folder);
  expect(history.list(query('')).total).toBe(0);
});

test('two files set aside at one moment get two names', async () => {
  const { file } = historyFiles(await testFolder());
  writeFileSync(file, 'one');
  const first = setAside(file, now());
  writeFileSync(file, 'two');
  const second = setAside(file, now());
  expect([first, second].map((path) => readFileSync(path ?? '', 'utf8'))).toEqual(['one', 'two']);
  expect(setAside(file, now())).toBeNull();
});

test('a backup outside the list is refused, whatever its name', async () => {
  const folder = await filledFolder();
  const { file, backupsDirectory } = historyFiles(folder);
  for (const name of ['../veer.db', 'veer.db', '', join(dirname(file), 'veer.db')]) {
    expect(() => restoreBackup(file, backupsDirectory, name)).toThrow(code('FILE_NOT_FOUND'));
  }
});

test('a place that cannot be written is named', async () => {
  const folder = await testFolder();
  writeFileSync(join(folder, 'file'), '');
  const file = join(folder, 'file', 'veer.db');
  expect(() => openDatabase({ file, backupsDirectory: folder, now })).toThrow(
    code('DATABASE_UNUSABLE'),
  );
});
