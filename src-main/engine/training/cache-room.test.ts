import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CacheRoom } from './cache-room.ts';

let directory: string;
const there = (name: string) => existsSync(join(directory, name));
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'veer-room-'));
  for (const [name, used] of [
    ['newer', 2000],
    ['oldest', 1000],
    ['own', 500],
  ] as const) {
    mkdirSync(join(directory, name));
    writeFileSync(join(directory, name, 'numbers'), Buffer.alloc(100));
    utimesSync(join(directory, name), used, used);
  }
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('folders of other models go when there is no room, the oldest first, and no more of them', async () => {
  const room = await CacheRoom.open(directory, 'own', 300);
  expect(await room.has(100)).toBe(true);
  expect(there('oldest')).toBe(true);
  expect(await room.has(150)).toBe(true);
  expect([there('oldest'), there('newer'), there('own')]).toEqual([false, true, true]);
});

test('the own folder never goes, and may not become larger than allowed', async () => {
  const room = await CacheRoom.open(directory, 'own', 300);
  expect(await room.has(301)).toBe(false);
  expect(there('own')).toBe(true);
  expect(await room.has(300)).toBe(true);
});
