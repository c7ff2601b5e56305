import { appendFileSync, mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
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

/** Of the one store that has written. */
function numbersPath(): string {
  return join(directory, readdirSync(directory).find((name) => name.endsWith('.f16')) ?? '');
}

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
  appendFileSync(join(directory, 'outputs.jsonl'), '{"key":"ccc","file":"x.f16","at":24,"posi');
  appendFileSync(numbersPath(), 'numbers without a line');
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
});

test('a line whose numbers are not all there does not count', async () => {
  await stored(['a', 'bb']);
  truncateSync(numbersPath(), 2 * WIDTH * 2 + 1);
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

test('two stores at once do not disturb each other', async () => {
  {
    await using one = await OutputStore.open(directory, WIDTH);
    await using other = await OutputStore.open(directory, WIDTH);
    for (let i = 0; i < 20; i++) {
      await Promise.all([
        one.add(output(`one ${i}`, 2), states(2, i)),
        other.add(output(`other ${i}`, 3), states(3, 100 + i)),
      ]);
    }
  }
  await using store = await OutputStore.open(directory, WIDTH);
  for (let i = 0; i < 20; i++) {
    const [one, other] = [store.get(`one ${i}`), store.get(`other ${i}`)];
    if (one === null || other === null) throw new Error(`Output ${i} is gone.`);
    expect(Float32Array.from(await store.read(one, 2))).toEqual(states(2, i));
    expect(Float32Array.from(await store.read(other, 3))).toEqual(states(3, 100 + i));
  }
});
