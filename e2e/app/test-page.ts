/**
 * The page of a running application as a fixture. A test fails where the page writes an error to
 * its console, throws, or breaks its content security policy.
 *
 * The tests of a file share one program and its data, each with a page of its own, unless the file
 * says otherwise by `test.use({ shared: false })`.
 */

import { type Browser, test as base, expect, type Page } from '@playwright/test';
import { skipReasons } from './programs.ts';
import {
  ElectronApplication,
  ElectronProgram,
  KeptProgram,
  type TestApplication,
  WebApplication,
  WebProgram,
} from './test-application.ts';
import { type Seed, smallModels } from './test-library.ts';

interface Options {
  /** Errors that a test makes on purpose. */
  readonly expectedErrors: RegExp | null;
  readonly seed: Seed | null;
  /** Whether the tests of the file go on with each other's data. */
  readonly shared: boolean;
}

interface Fixtures extends Options {
  /** Skips, before anything is started, what cannot run here. */
  readonly available: undefined;
  readonly errors: string[];
  readonly veer: TestApplication;
  /** Of the application, started and connected. */
  readonly appPage: Page;
}

interface WorkerFixtures {
  /** Started when it is first asked for; Electron's tests need none. */
  readonly chromium: () => Promise<Browser>;
  readonly webProgram: KeptProgram<WebProgram>;
  readonly electronProgram: KeptProgram<ElectronProgram>;
}

const REPORT_VIOLATIONS = `addEventListener('securitypolicyviolation', (event) =>
  console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))`;

export const test = base.extend<Fixtures, WorkerFixtures>({
  expectedErrors: [null, { option: true }],
  seed: [smallModels, { option: true }],
  shared: [true, { option: true }],
  errors: async ({ expectedErrors }, use) => {
    const errors: string[] = [];
    await use(errors);
    const unexpected = errors.filter((text) => expectedErrors?.test(text) !== true);
    expect(unexpected).toEqual([]);
  },
  available: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures here
    async ({}, use, { project }) => {
      const reason = skipReasons[project.name] ?? null;
      base.skip(reason !== null, reason ?? '');
      await use(undefined);
    },
    { auto: true },
  ],
  chromium: [
    async ({ playwright }, use, { project }) => {
      let browser: Browser | undefined;
      await use(async () => {
        browser ??= await playwright.chromium.launch(project.use.launchOptions);
        return browser;
      });
      await browser?.close();
    },
    { scope: 'worker' },
  ],
  webProgram: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const kept = new KeptProgram((seed) => new WebProgram(seed));
      await use(kept);
      await kept.remove();
    },
    { scope: 'worker' },
  ],
  electronProgram: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const kept = new KeptProgram((seed) => new ElectronProgram(seed));
      await use(kept);
      await kept.remove();
    },
    { scope: 'worker' },
  ],
  veer: async (
    {
      chromium,
      webProgram,
      electronProgram,
      errors,
      seed,
      shared,
      viewport,
      deviceScaleFactor,
      locale,
      colorScheme,
      permissions,
    },
    use,
    { project, file, testId },
  ) => {
    const watch = (page: Page) => watchErrors(page, errors);
    const key = shared ? file : testId;
    if (project.name === 'electron') {
      await use(new ElectronApplication(await electronProgram.of(key, seed), watch));
      return;
    }
    const context = await (await chromium()).newContext({
      viewport,
      ...(deviceScaleFactor !== undefined && { deviceScaleFactor }),
      ...(locale !== undefined && { locale }),
      ...(colorScheme !== undefined && { colorScheme }),
      ...(permissions !== undefined && { permissions }),
      timezoneId: 'UTC',
    });
    await use(new WebApplication(await webProgram.of(key, seed), context, watch));
    await context.close();
  },
  appPage: async ({ veer }, use) => {
    const page = await veer.start();
    await expect(page.locator('#choose-files')).toBeEnabled();
    await use(page);
  },
});

/** With the browser's tab and server at hand; skipped elsewhere. */
export const webTest = test.extend<{ readonly web: WebApplication }>({
  web: async ({ veer }, use) => {
    base.skip(!(veer instanceof WebApplication), 'Only in a browser’s tab.');
    if (veer instanceof WebApplication) await use(veer);
  },
});

export { expect };

async function watchErrors(page: Page, errors: string[]): Promise<void> {
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('dialog', (dialog) => {
    errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addInitScript(REPORT_VIOLATIONS);
}
