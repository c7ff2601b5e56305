/** What people do with the page, by the names and roles that it gives to things. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Download, expect, type Locator, type Page } from '@playwright/test';
import { ROOT } from './programs.ts';

/** A file to try. @param name in resources/samples */
export function sample(name: string): string {
  return join(ROOT, 'resources', 'samples', name);
}

/** A file that is made for a test. */
export interface MadeFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export function textFile(name: string, text: string): MadeFile {
  return { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
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

/** Presses a button that asks for files. */
export async function chooseBy(
  page: Page,
  button: Locator,
  files: string | string[] | MadeFile[],
): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await button.click();
  await (await chooser).setFiles(files);
}

export function chooseFiles(page: Page, files: string[] | MadeFile[]): Promise<void> {
  return chooseBy(page, page.getByRole('button', { name: 'Choose files' }), files);
}

/** @param direction as it is shown; the one that is set already where it is left out */
export async function translateText(page: Page, text: string, direction?: string): Promise<void> {
  const field = page.getByLabel('Text to translate');
  await field.fill(text);
  if (direction !== undefined) {
    await page.getByLabel('Translate this text from and to').selectOption(direction);
  }
  await page.getByRole('button', { name: 'Translate', exact: true }).click();
  await expect(field).toHaveValue('');
}

/** Step sizes for what is added next. */
export async function setAlphas(page: Page, alphas: string): Promise<void> {
  const field = page.getByLabel('Alternative versions (α)');
  if (!(await field.isVisible())) await page.getByText('Options', { exact: true }).click();
  await field.fill(alphas);
}

export function queue(page: Page): Locator {
  return page.getByRole('region', { name: 'Queue' });
}

/** Row of a job. @param name of its item */
export function job(page: Page, name: string | RegExp): Locator {
  return queue(page).getByRole('listitem').filter({ hasText: name });
}

/** What can be done with a job that waits. */
export async function chooseForJob(page: Page, name: string, entry: string): Promise<void> {
  await queue(page)
    .getByRole('button', { name: `Actions for ${name}` })
    .click();
  await page.getByRole('menuitem', { name: entry }).click();
}

export function history(page: Page): Locator {
  return page.getByRole('region', { name: 'History' });
}

/** Row of an item. @param name of it, or of something else that the row says */
export function listed(page: Page, name: string | RegExp): Locator {
  return history(page).getByRole('listitem').filter({ hasText: name });
}

export async function chooseForItem(page: Page, name: string, entry: string): Promise<void> {
  await history(page)
    .getByRole('button', { name: `Actions for ${name}` })
    .click();
  await page.getByRole('menuitem', { name: entry }).click();
}

/** The open item. */
export function item(page: Page): Locator {
  return page.getByRole('article');
}

/** @param name all of it */
export async function openItem(page: Page, name: string): Promise<Locator> {
  const opened = item(page);
  const row = history(page).getByRole('button', { name, exact: true });
  await clickRow(row, opened.getByRole('heading', { name, exact: true }));
  return opened;
}

/**
 * A row that was out of view is measured when it comes into view, and what is under the pointer may be
 * another place by the time it is pressed: the row is pressed until its item is there.
 */
export async function clickRow(row: Locator, heading: Locator): Promise<void> {
  await expect(async () => {
    await row.click();
    await expect(heading).toBeVisible({ timeout: 5000 });
  }).toPass();
  await expect(heading).toBeFocused();
}

export async function showTab(page: Page, name: 'Compare' | 'Edit' | 'Details'): Promise<void> {
  await page.getByRole('tab', { name, exact: true }).click();
  await expect(page.getByRole('tabpanel', { name, exact: true })).toBeVisible();
}

/** A unit of the comparison. @param position from 1 */
export function unit(page: Page, position: number): Locator {
  return page.getByRole('group', { name: new RegExp(`^Unit ${position}(,|$)`) });
}

/** Every unit that is shown there. */
export function units(page: Page): Locator {
  return page.getByRole('group', { name: /^Unit \d/ });
}

/** Also those that do not differ. */
export async function showAllUnits(page: Page): Promise<void> {
  await page
    .getByRole('group', { name: 'Units shown' })
    .getByRole('button', { name: 'All' })
    .click();
}

export function slider(page: Page): Locator {
  return page.getByRole('slider', { name: 'Strength (α)' });
}

/** By clicking at one of the names under the slider. */
export async function setStrength(
  page: Page,
  stop: 'Off' | 'Low' | 'Suggested' | 'High' | 'Max',
): Promise<void> {
  // The names are for the pointer only: the slider itself says them to a screen reader.
  await item(page).getByRole('button', { name: stop, exact: true, includeHidden: true }).click();
  await expect(slider(page)).toHaveAttribute('aria-valuetext', new RegExp(`^${stop}, α`));
}

/** Field of a unit in the editor, in the order of the file. @param position from 1 */
export function field(page: Page, position: number): Locator {
  return item(page)
    .getByRole('textbox', { name: /^Text (of unit|at) / })
    .nth(position - 1);
}

/** What was handed out as a file by `act`. */
export async function downloaded(
  page: Page,
  act: () => Promise<void>,
): Promise<{ readonly name: string; readonly content: string }> {
  const download: Promise<Download> = page.waitForEvent('download');
  await act();
  const file = await download;
  return { name: file.suggestedFilename(), content: readFileSync(await file.path(), 'utf8') };
}

export async function goTo(
  page: Page,
  screen: 'Library' | 'Models' | 'Settings' | 'Offline',
): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: screen, exact: true }).click();
}

/** Sentences that are easy to tell apart, enough to be stopped on the way. */
export function manySentences(count: number, who = 'Tom'): string {
  return Array.from({ length: count }, (_, index) => `${who} has ${index + 1} apples.`).join(' ');
}
