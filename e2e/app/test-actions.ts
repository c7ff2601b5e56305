/** What people do with the page. */

import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { ROOT } from './programs.ts';

/** A file to try. @param name in resources/samples */
export function sample(name: string): string {
  return join(ROOT, 'resources', 'samples', name);
}

/** Drops real files from outside the browser; a file made by script would be another thing. */
export async function dropFiles(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data });
  }
  await session.detach();
}

export async function translateText(page: Page, text: string): Promise<void> {
  await page.getByLabel('Text to translate').fill(text);
  await page.getByRole('button', { name: 'Translate text' }).click();
  await expect(page.getByLabel('Text to translate')).toHaveValue('');
}

/** Step sizes for what is added next. */
export async function setAlphas(page: Page, alphas: string): Promise<void> {
  await page.getByText('Options', { exact: true }).click();
  await page.getByLabel('Perturbed versions').fill(alphas);
}

/** Row of a job. @param name of its item */
export function job(page: Page, name: string | RegExp): Locator {
  return page
    .getByRole('region', { name: 'Queue' })
    .getByRole('listitem')
    .filter({ hasText: name });
}

/** Row of an item. @param name of it */
export function listed(page: Page, name: string | RegExp): Locator {
  const history = page.getByRole('region', { name: 'History' });
  return history.getByRole('listitem').filter({ hasText: name });
}

export async function openItem(page: Page, name: string | RegExp): Promise<Locator> {
  await listed(page, name).getByRole('button', { name, exact: true }).click();
  const item = page.getByRole('article');
  await expect(item.getByRole('heading', { name })).toBeFocused();
  return item;
}

/** Sentences that are easy to tell apart, enough to be stopped on the way. */
export function manySentences(count: number): string {
  return Array.from({ length: count }, (_, index) => `Tom has ${index + 1} apples.`).join(' ');
}
