/** What the suite runs the application in, and why not where it is missing. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { electronProgram } from '../../src-main/start.ts';

export const ROOT = resolve(import.meta.dirname, '..', '..');
/** The built screens. */
const SCREENS = join(ROOT, 'out', 'renderer', 'index.html');
const MAIN = join(ROOT, 'out', 'main', 'main.mjs');

/** Null where there is none. */
export const chromiumProgram: string | null =
  [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && existsSync(path),
  ) ?? null;

export const electronPath = electronProgram(join(ROOT, 'node_modules', 'electron'), process.env);

/** By project; null where it can run. */
export const skipReasons: Readonly<Record<string, string | null>> = {
  web: !existsSync(SCREENS)
    ? 'web: skipped, the screens are not built (npm run build).'
    : chromiumProgram === null
      ? 'web: skipped, there is no Chromium (set CHROMIUM_PATH).'
      : null,
  electron:
    electronPath === null
      ? 'electron: skipped, Electron’s binary is not here and is not fetched by tests.'
      : !existsSync(MAIN)
        ? 'electron: skipped, the application is not built (npm run build).'
        : null,
};
