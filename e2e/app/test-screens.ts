/**
 * A walk over every screen and dialog, in whichever language the page speaks. It begins in a library
 * (test-library.ts) with nothing open, and leaves nothing changed but what the page itself forgets.
 */

import { expect, type Locator, type Page } from '@playwright/test';
import { german } from '../../src-renderer/i18n/de/german.ts';
import { english } from '../../src-renderer/i18n/en/english.ts';
import type { Messages } from '../../src-renderer/i18n/messages.ts';
import { pseudo } from '../../src-renderer/i18n/pseudo.ts';
import { chooseBy, clickRow, manySentences } from './test-actions.ts';
import { BROKEN, LETTER, RECORDING, STOPPED } from './test-library.ts';

const ENGLISH: Messages = { ...english, errors: null };

/** What the page says where a browser prefers a language. */
export const MESSAGES = {
  'en-US': ENGLISH,
  'de-DE': german,
  'qps-ploc': pseudo(ENGLISH),
} as const;

/** Looks at the page as it stands. */
export type See = (name: string) => Promise<void>;

/** Enough for a job that does not end before it was looked at. */
const VERY_MANY = 20_000;

/** A queue with a job at work and one that waits; the last part of a walk, since it stays. */
export async function walkQueue(page: Page, t: Messages, see: See): Promise<void> {
  const add = async (text: string) => {
    await page.getByLabel(t.importing.paste, { exact: true }).fill(text);
    await button(page, t.importing.translate).click();
    await expect(page.getByLabel(t.importing.paste, { exact: true })).toHaveValue('');
  };
  await add(manySentences(VERY_MANY));
  await add('Good morning.');
  const queue = page.getByRole('region', { name: t.queue.title });
  await expect(queue.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /[1-9]/);
  await see('queue');
  await button(queue, t.queue.actions('Good morning.')).click();
  await expect(page.getByRole('menuitem', { name: t.queue.edit })).toBeVisible();
  await see('menu of a job');
  await page.getByRole('menuitem', { name: t.queue.edit }).click();
  await expect(page.getByRole('dialog', { name: t.queue.editTitle })).toBeVisible();
  await see('dialog: change a job');
  await page.keyboard.press('Escape');
  const first = queue.getByRole('listitem').filter({ has: page.getByRole('progressbar') });
  await first.getByRole('button').last().click();
  await button(queue, t.queue.cancel('Good morning.'))
    .or(queue.getByText(t.jobStates.done))
    .first()
    .waitFor();
}

export async function walkLibrary(page: Page, t: Messages, see: See): Promise<void> {
  await expect(page.getByRole('heading', { name: t.frame.start.nothingOpen })).toBeVisible();
  await see('library, nothing open');
  await page.getByText(t.importing.options, { exact: true }).click();
  await page.getByLabel(t.importing.strengths, { exact: true }).fill('0.05 much');
  await page.getByLabel(t.importing.paste, { exact: true }).fill('Good morning.');
  await see('options and a pasted text');
  await page.reload();
  await expect(page.locator('#choose-files')).toBeEnabled();

  const history = page.getByRole('region', { name: t.history.title });
  await button(history, t.history.filters).click();
  await see('history: filters');
  await button(history, t.history.actions(RECORDING)).click();
  await expect(page.getByRole('menuitem', { name: t.history.rename })).toBeVisible();
  await see('menu of an item');
  await page.getByRole('menuitem', { name: t.history.rename }).click();
  await expect(page.getByRole('dialog', { name: t.history.renameTitle })).toBeVisible();
  await see('dialog: rename');
  await page.keyboard.press('Escape');
  await history.getByRole('searchbox').fill('suddenly');
  await expect(history.getByRole('listitem')).toHaveCount(1);
  await see('history: found');
  await history.getByRole('searchbox').fill('nowhere');
  await expect(history.getByText(t.history.nothingFound)).toBeVisible();
  await see('history: nothing found');
  await button(history, t.history.showAll).click();
  for (const name of [RECORDING, LETTER]) {
    await button(history, name)
      .first()
      .click({ modifiers: ['Control'] });
  }
  await see('history: several chosen');
  await button(history, t.history.deleteSelected).click();
  await expect(page.getByText(t.history.deletedItems(2)).last()).toBeVisible();
  await see('history: deleted');
  await button(page, t.words.undo).click();
  await expect(button(history, RECORDING)).toBeVisible();
}

export async function walkItem(page: Page, t: Messages, see: See): Promise<void> {
  const item = page.getByRole('article');
  await openItem(page, t, BROKEN);
  await see('item: failed');
  await openItem(page, t, STOPPED);
  await see('item: stopped');

  await openItem(page, t, RECORDING);
  await expect(item.getByText(t.compare.counts.differing(3, 7))).toBeVisible();
  await see('compare: differing');
  await page.keyboard.press('j');
  await page.keyboard.press('e');
  await expect(page.getByLabel(t.compare.row.editField)).toBeFocused();
  await see('compare: editing');
  await page.keyboard.press('Escape');
  await button(item, t.compare.filter.all).click();
  await item.getByText(t.compare.details.title(4)).click();
  await expect(item.getByRole('table').first()).toBeVisible();
  await see('compare: details of a unit');
  await item.getByText(t.compare.details.title(4)).click();
  await item.getByRole('checkbox', { name: t.compare.blind }).click();
  await see('compare: hidden');
  await item.getByRole('checkbox', { name: t.compare.blind }).click();
  await button(item, t.words.keys).click();
  await expect(page.getByRole('dialog', { name: t.words.keys })).toBeVisible();
  await see('dialog: keys');
  await page.keyboard.press('Escape');

  await page.getByRole('tab', { name: t.item.edit, exact: true }).click();
  await expect(item.getByRole('textbox').first()).toBeVisible();
  await see('edit');
  await button(item, t.editor.find).click();
  await item.getByRole('textbox', { name: t.editor.findWhat, exact: true }).fill('way');
  await see('edit: find and replace');
  await button(item, t.editor.closeFind).click();

  await page.getByRole('tab', { name: t.words.details, exact: true }).click();
  await expect(item.getByRole('table').first()).toBeVisible();
  await see('details of the run');
  await button(item, t.item.export.title).click();
  await expect(page.getByRole('menuitem', { name: t.item.export.oneVersion })).toBeVisible();
  await see('menu: export');
  await page.getByRole('menuitem', { name: t.item.export.oneVersion }).click();
  await expect(page.getByRole('dialog', { name: t.item.export.title })).toBeVisible();
  await see('dialog: export');
  await page.keyboard.press('Escape');
  for (const [entry, title] of [
    [t.item.reference, t.item.referenceDialog.title],
    [t.item.runAgain, t.item.again.title],
  ] as const) {
    await button(item, t.item.more).click();
    await page.getByRole('menuitem', { name: entry, exact: true }).click();
    await expect(page.getByRole('dialog', { name: title })).toBeVisible();
    await see(`dialog: ${entry === t.item.reference ? 'reference' : 'run again'}`);
    await page.keyboard.press('Escape');
  }
  await button(item, t.item.rename).click();
  await expect(page.getByLabel(t.item.name)).toBeFocused();
  await see('item: renaming');
  await page.keyboard.press('Escape');

  await page.getByRole('tab', { name: t.item.compare, exact: true }).click();
  await openItem(page, t, LETTER);
  await expect(item.getByText(t.compare.counts.differing(2, 4))).toBeVisible();
  await see('compare: a translation');
  await page.getByRole('tab', { name: t.item.edit, exact: true }).click();
  await see('edit: a translation');
  await page.getByRole('tab', { name: t.item.compare, exact: true }).click();
}

/** @param folder a model's, to be chosen for an import that is then given up */
export async function walkOthers(page: Page, t: Messages, see: See, folder: string): Promise<void> {
  await goTo(page, t.frame.models);
  const list = page.getByRole('region', { name: t.models.listTitle });
  await expect(list.getByRole('listitem').first()).toBeVisible();
  await see('models');
  const details = list.getByText(t.words.details, { exact: true });
  for (const each of await details.all()) await each.click();
  await see('models: details');
  await list.getByRole('button').first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await see('dialog: card of a model');
  await page.keyboard.press('Escape');
  await chooseBy(page, button(page, t.models.choose), folder);
  await expect(page.getByLabel(t.models.name, { exact: true })).toBeVisible();
  await page.getByLabel(t.models.name, { exact: true }).fill('?');
  await see('models: import');
  await button(page, t.words.cancel).click();

  await goTo(page, t.frame.settings);
  await page.getByText(t.settings.computing.found, { exact: true }).click();
  await expect(page.getByText(t.settings.computing.available).first()).toBeVisible();
  await page.getByLabel(t.settings.history.retention).selectOption('limited');
  await page.getByLabel(t.settings.history.undo).fill('soon');
  await page.keyboard.press('Enter');
  await see('settings');
  await button(page, t.settings.help.collect).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await see('dialog: diagnostics');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await goTo(page, t.frame.offline);
  await expect(page.getByRole('heading', { level: 1, name: t.frame.privacy })).toBeVisible();
  await see('privacy');
  await goTo(page, t.frame.library);
}

async function openItem(page: Page, t: Messages, name: string): Promise<void> {
  const history = page.getByRole('region', { name: t.history.title });
  const heading = page.getByRole('article').getByRole('heading', { name, exact: true });
  await clickRow(button(history, name), heading);
}

async function goTo(page: Page, screen: string): Promise<void> {
  await button(page.getByRole('banner'), screen).click();
}

function button(within: Page | Locator, name: string): Locator {
  return within.getByRole('button', { name, exact: true });
}
