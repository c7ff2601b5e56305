import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OutputStore } from './output-store.ts';

const WIDTH = 3;
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'veer-outputs-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const output = (key: string, positions: number) => ({
  key,
  positions,
  valid: positions,
  window: positions + 1,
  text: `text of ${key}`,
  logProbability: -0.25,
});
const states = (positions: number, first: number) =>
  Float32Array.from({ length: positions * WIDTH }, (_, i) => first + i / 8);

async function stored(keys: readonly string[]): Promise<void> {
  await using store = await OutputStore.open(directory, WIDTH);
  for (const key of keys) await store.add(output(key, 2), states(2, key.length));
}

test('what was stored is there again, in half precision', async () => {
  await stored(['a', 'bb']);
  await using store = await OutputStore.open(directory, WIDTH);
  const entry = store.get('bb');
  expect(entry).toMatchObject(output('bb', 2));
  expect(store.get('c')).toBeNull();
  if (entry === null) throw new Error('unreachable');
  expect(Float32Array.from(await store.read(entry, 1))).toEqual(states(1, 2));
  expect(store.bytes).toBe(2 * 2 * WIDTH * 2);
});

test('a line that a kill cut short is as if it had never been, and the work goes on', async () => {
  await stored(['a', 'bb']);
  appendFileSync(join(directory, 'outputs.jsonl'), '{"key":"ccc","at":24,"posi');
  appendFileSync(join(directory, 'encoder-outputs.f16'), 'numbers without a line');
  await stored(['dddd']);
  await using store = await OutputStore.open(directory, WIDTH);
  expect(['a', 'bb', 'ccc', 'dddd'].map((key) => store.get(key) !== null)).toEqual([
    true,
    true,
    false,
    true,
  ]);
  const entry = store.get('dddd');
  if (entry === null) throw new Error('unreachable');
  expect(Float32Array.from(await store.read(entry, 2))).toEqual(states(2, 4));
  expect(readFileSync(join(directory, 'outputs.jsonl'), 'utf8').trim().split('\n')).toHaveLength(3);
});

test('a line whose numbers are not all there does not count', async () => {
  await stored(['a', 'bb']);
  truncateSync(join(directory, 'encoder-outputs.f16'), 2 * WIDTH * 2 + 1);
  await using store = await OutputStore.open(directory, WIDTH);
  expect(store.get('a')).not.toBeNull();
  expect(store.get('bb')).toBeNull();
});

test('of two outputs of a key the later one counts', async () => {
  await stored(['a']);
  {
    await using store = await OutputStore.open(directory, WIDTH);
    await store.add(output('a', 3), states(3, 7));
  }
  await using store = await OutputStore.open(directory, WIDTH);
  expect(store.get('a')?.positions).toBe(3);
});
