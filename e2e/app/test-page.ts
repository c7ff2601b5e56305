/**
 * The page of a running application as a fixture. A test fails where the page writes an error to
 * its console, throws, or breaks its content security policy.
 */

import { type Browser, test as base, expect, type Page } from '@playwright/test';
import { skipReasons } from './programs.ts';
import { ElectronApplication, type TestApplication, WebApplication } from './test-application.ts';

interface Fixtures {
  /** Errors that a test makes on purpose. */
  readonly expectedErrors: RegExp | null;
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
}

const REPORT_VIOLATIONS = `addEventListener('securitypolicyviolation', (event) =>
  console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))`;

export const test = base.extend<Fixtures, WorkerFixtures>({
  expectedErrors: [null, { option: true }],
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
  veer: async ({ chromium, viewport, errors }, use, { project }) => {
    const watch = (page: Page) => watchErrors(page, errors);
    if (project.name === 'electron') {
      const veer = new ElectronApplication(watch);
      await use(veer);
      await veer.remove();
      return;
    }
    const context = await (await chromium()).newContext({ viewport });
    const veer = new WebApplication(context, watch);
    await use(veer);
    await context.close();
    await veer.remove();
  },
  appPage: async ({ veer }, use) => {
    const page = await veer.start();
    await expect(page.getByRole('button', { name: 'Choose files' })).toBeEnabled();
    await use(page);
  },
});

/** With the server at hand; skipped elsewhere than in a browser. */
export const webTest = test.extend<{ readonly web: WebApplication }>({
  web: async ({ veer }, use) => {
    base.skip(!(veer instanceof WebApplication), 'Only a browser tab can have a wrong address.');
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
