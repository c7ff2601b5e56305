import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { isAlive } from '../../e2e/process-status.ts';
import { TestFolder } from './audio/test-files.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());

const WATCH = new URL('./watch-parent.ts', import.meta.url).href;
/** Blocks its main thread as a native call does, so that no event is ever handled. */
const deaf = join(folder.path, 'deaf.mjs');
writeFileSync(
  deaf,
  `const { watchParent } = await import(${JSON.stringify(WATCH)});
   watchParent(process.argv[2]);
   setTimeout(() => {
     process.send(process.pid);
     setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 100);
   }, 300);`,
);

test('a process that a native call blocks is gone two seconds after its parent', async () => {
  const script = `
    import { fork } from 'node:child_process';
    const child = fork(${JSON.stringify(deaf)}, [String(process.pid)], { execArgv: [] });
    child.on('message', (pid) => process.stdout.write(String(pid) + '\\n'));
    setInterval(() => undefined, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(parent.stdout, 'data');
  const pid = Number(String(line));
  // Longer than the watchdog's interval: it must not act while the parent lives.
  await delay(800);
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  const deadline = performance.now() + 2000;
  while (isAlive(pid) && performance.now() < deadline) await delay(50);
  expect(isAlive(pid)).toBe(false);
});

test('a process whose parent was gone before it looked ends as well', async () => {
  const child = fork(deaf, ['4194304'], { execArgv: [] });
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
});
