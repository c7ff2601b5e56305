/** The program as `npm run build` makes it, in a folder of its own. */

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const PROJECT = resolve(import.meta.dirname, '../..');

export interface BuiltProgram {
  /** Holds main, preload and renderer. */
  readonly output: string;
  remove(): Promise<void>;
}

export async function buildProgram(): Promise<BuiltProgram> {
  // Within the project, so that the packages left outside the bundle are found.
  await mkdir(join(PROJECT, 'out'), { recursive: true });
  const folder = await mkdtemp(join(PROJECT, 'out', 'test-'));
  const output = join(folder, 'out');
  await symlink(join(PROJECT, 'models'), join(folder, 'models'), 'junction');
  await promisify(execFile)(
    process.execPath,
    [join(PROJECT, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--outDir', output],
    // A build that tried to fetch Electron would fail here.
    { cwd: PROJECT, env: { ...process.env, ELECTRON_MIRROR: 'http://127.0.0.1:9/' } },
  );
  return { output, remove: () => rm(folder, { recursive: true, force: true }) };
}
