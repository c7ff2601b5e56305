import { afterEach, expect, test } from 'vitest';
import { EarlyEngine } from './early-engine.ts';
import type { EngineProcess } from './engine-process.ts';

const started: EngineProcess[] = [];
afterEach(() => {
  for (const process of started.splice(0)) process.kill();
});

function launched(early: EarlyEngine): EngineProcess {
  const process = early.launch();
  started.push(process);
  return process;
}

test('the process that waits is given out once', async () => {
  const early = new EarlyEngine();
  const first = launched(early);
  const second = launched(early);
  expect(first.alive).toBe(true);
  expect(second.alive).toBe(true);
  expect(second.pid).not.toBe(first.pid);
  early.dispose();
  expect([first.alive, second.alive]).toEqual([true, true]);
});

test('a process that has ended while it waited is not given out', async () => {
  const ended = new EarlyEngine();
  const { pid } = ended;
  if (pid === undefined) throw new Error('The engine did not start.');
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => ended.alive).toBe(false);
  const next = launched(ended);
  expect(next.alive).toBe(true);
  expect(next.pid).not.toBe(pid);
});

test('a process that nobody has taken is ended', async () => {
  const early = new EarlyEngine();
  early.dispose();
  await expect.poll(() => early.alive).toBe(false);
});
