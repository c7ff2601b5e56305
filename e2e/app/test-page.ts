/**
 * The page of a running application as a fixture. A test fails where the page writes an error to
 * its console, throws, or breaks its content security policy.
 */

import { test as base, expect, type Page } from '@playwright/test';
import { skipReasons } from './programs.ts';
import { ElectronApplication, type TestApplication, WebApplication } from './test-application.ts';

interface Fixtures {
  /** Errors that a test makes on purpose. */
  readonly expectedErrors: RegExp | null;
  readonly errors: string[];
  readonly veer: TestApplication;
  /** Of the application, started and connected. */
  readonly appPage: Page;
}

const REPORT_VIOLATIONS = `addEventListener('securitypolicyviolation', (event) =>
  console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))`;

export const test = base.extend<Fixtures>({
  expectedErrors: [null, { option: true }],
  errors: async ({ expectedErrors }, use) => {
    const errors: string[] = [];
    await use(errors);
    const unexpected = errors.filter((text) => expectedErrors?.test(text) !== true);
    expect(unexpected).toEqual([]);
  },
  veer: async ({ browserName: _, context, errors }, use, { project }) => {
    const reason = skipReasons[project.name] ?? null;
    base.skip(reason !== null, reason ?? '');
    const watch = (page: Page) => watchErrors(page, errors);
    const veer =
      project.name === 'electron'
        ? new ElectronApplication(watch)
        : new WebApplication(context, watch);
    await use(veer);
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
