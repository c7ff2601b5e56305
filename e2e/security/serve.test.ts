/** `veer serve` as a process: one address, one instance, a clean end. */

import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { errorCodes, type Running, startVeer, TestFolder, veer } from '../cli/test-veer.ts';
import { clientOf, openSocket } from './test-served.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());

/** The shell on data of its own, once it has said its address. */
async function serving(data: string): Promise<Running & { readonly address: string }> {
  const running = startVeer(['serve', '--no-open', '--data', join(folder.path, data)]);
  let stdout = '';
  running.child.stdout?.on('data', (text: string) => {
    stdout += text;
  });
  await vi.waitFor(() => expect(stdout).toContain('\n'), { timeout: 20_000 });
  return { ...running, address: stdout.trim().replace('Veer: ', '') };
}

it('prints one line with the address, a new key at every start', async () => {
  const runs = [await serving('a'), await serving('b')];
  const keys = runs.map(({ address }) => {
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/);
    return new URL(address).hash;
  });
  expect(keys[0]).not.toBe(keys[1]);
  for (const { child, outcome } of runs) {
    child.kill('SIGTERM');
    expect((await outcome).stdout.trim().split('\n')).toHaveLength(1);
  }
});

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends cleanly on %s', async (signal) => {
  const data = `signal-${signal}`;
  const { child, outcome, address } = await serving(data);
  const socket = await openSocket(address);
  expect((await clientOf(socket).app.info()).shell).toBe('web');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  child.kill(signal);
  expect(await closed).toBe(1001);
  expect((await outcome).code).toBe(0);
  // What SQLite writes beside an open database is gone.
  expect(existsSync(join(folder.path, data, 'veer.db'))).toBe(true);
  expect(readdirSync(join(folder.path, data)).filter((name) => /-(wal|shm)$/.test(name))).toEqual(
    [],
  );
});

it('is refused to a second one on the same data, in one sentence', async () => {
  const { child, outcome } = await serving('shared');
  const second = await veer(['serve', '--no-open', '--data', join(folder.path, 'shared')]);
  expect(second.code).toBe(2);
  expect(second.stdout).toBe('');
  expect(Object.values(errorCodes(second.stderr))).toEqual(['DATABASE_IN_USE']);
  child.kill('SIGTERM');
  await outcome;
});

describe('the port', () => {
  it('that is taken is named, with a way out', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const data = join(folder.path, 'port');
    const { code, stderr } = await veer(['serve', '--no-open', '--data', data, '--port', port]);
    server.close();
    expect(code).toBe(2);
    expect(stderr).toMatch(/port \d+ .*--port.* \[OPTION_INVALID\]/);
  });

  it.each(['-1', '65536', '80a', '', '1.5'])('is a port, not "%s"', async (port) => {
    const { code, stderr } = await veer(['serve', '--no-open', `--port=${port}`]);
    expect([code === 0, stderr]).toEqual([false, expect.stringContaining('0 to 65535')]);
  });
});
