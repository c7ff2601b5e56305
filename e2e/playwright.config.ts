/**
 * The application as people use it, in a browser tab and in Electron's window. What cannot run on a
 * machine is skipped, and the reason is printed.
 */

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { chromiumProgram, skipReasons } from './app/programs.ts';
import { keepCompiledCode } from './compiled-code.ts';

keepCompiledCode();

// Workers read this file again; one line is enough.
if (process.env['TEST_WORKER_INDEX'] === undefined) {
  for (const reason of Object.values(skipReasons)) {
    if (reason !== null) process.stdout.write(`${reason}\n`);
  }
}

// Chromium's own sandbox does not start for root.
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export default defineConfig({
  testDir: './app',
  testMatch: '**/*.spec.ts',
  outputDir: join(tmpdir(), 'veer-e2e-app'),
  // Each test has an engine that takes all cores.
  workers: 1,
  // What passes only the second time is listed as flaky, and is a fault to be found.
  retries: 1,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 120_000,
  expect: {
    timeout: 60_000,
    toHaveScreenshot: { animations: 'disabled', caret: 'hide', maxDiffPixelRatio: 0.002 },
  },
  snapshotPathTemplate: '{testDir}/pictures/{arg}{ext}',
  reporter: 'list',
  projects: [
    {
      name: 'web',
      use: {
        browserName: 'chromium',
        viewport: { width: 1280, height: 800 },
        launchOptions: {
          args: sandbox,
          ...(chromiumProgram && { executablePath: chromiumProgram }),
        },
      },
    },
    { name: 'electron' },
  ],
});
