import { SMALL_TRANSLATOR } from './bundled-strengths.ts';
import {
  chooseForItem,
  history,
  item,
  job,
  listed,
  openItem,
  showAllUnits,
  translateText,
  unit,
} from './test-actions.ts';
import { BROKEN, LETTER, library, RECORDING, STOPPED } from './test-library.ts';
import { expect, test } from './test-page.ts';

test.use({
  seed: library,
  expectedErrors: /WebSocket connection .* failed|ERR_CONNECTION_(REFUSED|RESET)/,
});

const HOSTILE = '<img src=x onerror=alert(1)> <b>bold</b> garden';

test('text with HTML in it is shown as text and runs nothing', async ({ appPage: page }) => {
  await translateText(page, HOSTILE);
  await expect(job(page, '<img src=x')).toContainText('Done');
  await openItem(page, HOSTILE);
  await showAllUnits(page);
  await expect(unit(page, 1)).toContainText('<b>bold</b>');
  await expect(page.locator('img, b')).toHaveCount(0);

  await page.getByRole('searchbox').fill('bold');
  await expect(listed(page, '<img src=x')).toBeVisible();
  await expect(page.locator('img, b')).toHaveCount(0);
});

test('search finds words of names and texts and their beginnings, and says when nothing is found', async ({
  appPage: page,
}) => {
  const search = page.getByRole('searchbox', { name: 'Search names and texts' });
  await search.fill('suddenl');
  await expect(listed(page, RECORDING).locator('mark')).toHaveText('suddenly');
  await expect(listed(page, LETTER)).toHaveCount(0);
  await search.fill('mayor');
  await expect(listed(page, 'Interview with the mayor')).toBeVisible();
  await search.fill('nowhere');
  await expect(history(page).getByText('Nothing found')).toBeVisible();
  await history(page).getByRole('button', { name: 'Show everything' }).click();
  await expect(listed(page, RECORDING)).toBeVisible();
  await expect(search).toHaveValue('');
});

test('the list can be narrowed to a kind and a state', async ({ appPage: page }) => {
  await history(page).getByRole('button', { name: 'Filters' }).click();
  await history(page).getByRole('combobox', { name: 'Kind' }).selectOption('Recordings');
  await expect(listed(page, LETTER)).toHaveCount(0);
  await expect(listed(page, RECORDING)).toBeVisible();
  await history(page).getByRole('combobox', { name: 'State' }).selectOption('Failed');
  await expect(listed(page, RECORDING)).toHaveCount(0);
  await expect(listed(page, BROKEN)).toContainText('Failed');
  await history(page).getByRole('combobox', { name: 'Kind' }).selectOption('All kinds');
  await history(page).getByRole('combobox', { name: 'State' }).selectOption('Cancelled');
  await expect(listed(page, STOPPED)).toBeVisible();
});

test('an item is renamed in the list and where it is open', async ({ appPage: page }) => {
  await chooseForItem(page, 'Recipe for plum cake', 'Rename …');
  const dialog = page.getByRole('dialog', { name: 'Rename' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Plum cake');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(listed(page, 'Plum cake')).toBeVisible();
  await expect(listed(page, 'Recipe for')).toHaveCount(0);

  const opened = await openItem(page, 'Plum cake');
  await opened.getByRole('button', { name: 'Rename' }).click();
  await opened.getByRole('textbox', { name: 'Name of this item' }).fill('Cake of plums');
  await page.keyboard.press('Enter');
  await expect(opened.getByRole('heading', { name: 'Cake of plums' })).toBeFocused();
  await expect(listed(page, 'Cake of plums')).toBeVisible();
  await page.reload();
  await expect(listed(page, 'Cake of plums')).toBeVisible();
});

test('a deletion can be undone', async ({ appPage: page }) => {
  await openItem(page, LETTER);
  await chooseForItem(page, LETTER, 'Delete');
  await expect(listed(page, LETTER)).toHaveCount(0);
  await expect(item(page)).toHaveCount(0);
  await expect(page.getByText(`Deleted: ${LETTER}`).first()).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await openItem(page, LETTER);
  await expect(unit(page, 2)).toContainText('Danke');
});

test('several are deleted at once, and come back together', async ({ appPage: page }) => {
  await page.getByRole('searchbox').fill('may');
  const rows = history(page).getByRole('listitem');
  await expect(rows).toHaveCount(2);
  await rows.nth(0).click({ modifiers: ['Control'] });
  await rows.nth(1).click({ modifiers: ['Control'] });
  await expect(history(page).getByText('2 selected')).toBeVisible();
  await history(page).getByRole('button', { name: 'Delete the selected items' }).click();
  await expect(rows).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rows).toHaveCount(2);
});

test('what failed says why and is tried again from where it is open', async ({ appPage: page }) => {
  const opened = await openItem(page, BROKEN);
  await expect(opened.getByRole('alert')).toContainText('MEDIA_UNRECOGNISED');
  await expect(opened.getByRole('button', { name: 'Try again' })).toBeVisible();
  const stopped = await openItem(page, STOPPED);
  await stopped.getByRole('button', { name: 'Go on' }).click();
  await expect(job(page, STOPPED)).toContainText('Done');
  await expect(stopped.getByRole('button', { name: 'Go on' })).toHaveCount(0);
});

test('an item that is not to be kept is gone when the program starts again', async ({
  appPage,
  veer,
}) => {
  await appPage.getByText('Options', { exact: true }).click();
  await appPage.getByRole('checkbox', { name: 'Do not keep after Veer is closed' }).click();
  await translateText(appPage, 'Forget this.');
  await expect(job(appPage, 'Forget this.')).toContainText('Done');
  await expect(listed(appPage, 'Forget this.')).toContainText('not kept');
  await veer.kill();
  const page = await veer.start();
  await expect(listed(page, LETTER)).toBeVisible();
  await expect(listed(page, 'Forget this.')).toHaveCount(0);
});

test('a run can be made again, and the older one is still there', async ({ appPage: page }) => {
  const opened = await openItem(page, STOPPED);
  await opened.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Run again …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Run again' });
  await dialog.getByLabel('Alternative versions (α)').fill('0.2');
  await dialog.getByLabel(/^Thorough/).check();
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByRole('tab', { name: 'Details' }).click();
  const runs = opened.getByRole('combobox', { name: 'Run that is shown' });
  await expect(runs.getByRole('option')).toHaveCount(2);
  await expect(page.getByRole('tabpanel')).toContainText('0 · 0.2');
  await expect(page.getByRole('tabpanel')).toContainText('4 beams');
  await runs.selectOption({ index: 1 });
  await expect(page.getByRole('tabpanel')).toContainText(`${SMALL_TRANSLATOR.low}`);
});
