import type { Page } from '@playwright/test';
import { chooseBy, downloaded, goTo, listed, textFile } from './test-actions.ts';
import { LETTER, library, RECORDING } from './test-library.ts';
import { expect, test, webTest } from './test-page.ts';

test.use({ seed: library });

const background = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

test('the theme and the language change at once, and stay', async ({ appPage: page }) => {
  await goTo(page, 'Settings');
  const light = await background(page);
  await page.getByLabel('Theme').selectOption('Dark');
  await expect.poll(() => background(page)).not.toBe(light);
  await page.getByLabel('Language of the screens').selectOption('Deutsch');
  await expect(page.getByRole('heading', { name: 'Einstellungen', level: 1 })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await page.reload();
  await expect(page.getByRole('button', { name: 'Dateien auswählen' })).toBeVisible();
  await expect.poll(() => background(page)).not.toBe(light);

  await page.getByRole('button', { name: 'Einstellungen' }).click();
  await page.getByLabel('Sprache der Oberfläche').selectOption('English');
  await page.getByLabel('Theme').selectOption('Light');
  await expect.poll(() => background(page)).toBe(light);
});

test('numbers are checked in their field, and days need a yes', async ({ appPage: page }) => {
  await goTo(page, 'Settings');
  const seconds = page.getByLabel('Seconds in which a deletion can be undone');
  await seconds.fill('soon');
  await seconds.press('Enter');
  await expect(page.getByText(/A whole number from 0 to 86,400/)).toBeVisible();
  await seconds.fill('45');
  await seconds.press('Enter');
  await expect(page.getByText(/A whole number from 0 to/)).toHaveCount(0);

  await page.getByLabel('Keep items').selectOption('For a number of days');
  await page.getByLabel('Days', { exact: true }).fill('3650');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(
    page.getByRole('region', { name: 'History' }).getByText('Saved').first(),
  ).toBeVisible();
  await page.reload();
  await expect(listed(page, RECORDING)).toBeVisible();
  await goTo(page, 'Settings');
  await expect(seconds).toHaveValue('45');
  await expect(page.getByLabel('Days', { exact: true })).toHaveValue('3650');
  await page.getByLabel('Keep items').selectOption('Until I delete them');
});

test('what this computer can use is said, with the reason where it cannot', async ({
  appPage: page,
}) => {
  await goTo(page, 'Settings');
  await page.getByText('What this computer can use', { exact: true }).click();
  const devices = page.getByRole('region', { name: 'Computing' }).getByRole('listitem');
  await expect(devices.filter({ hasText: 'Processor (CPU)' })).toContainText('Can be used');
  await expect(devices.filter({ hasText: 'CUDA' })).toContainText('Cannot be used');
});

test('encoder outputs can be cleared, and what takes room is shown', async ({ appPage: page }) => {
  await goTo(page, 'Settings');
  const storage = page.getByRole('region', { name: 'Storage' });
  await expect(storage.getByRole('row', { name: /History with all texts/ })).toContainText(/[kM]B/);
  await storage.getByRole('button', { name: 'Clear now' }).click();
  await expect(storage.getByText('Cleared.')).toBeVisible();
});

webTest(
  'settings go into a file and back, and a strange file changes nothing',
  async ({ appPage: page, web: _ }) => {
    await goTo(page, 'Settings');
    await page.getByLabel('Theme').selectOption('Dark');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    const saved = await downloaded(page, () =>
      page.getByRole('button', { name: 'Save settings as a file …' }).click(),
    );
    expect(JSON.parse(saved.content)).toMatchObject({ theme: 'dark' });
    await page.getByLabel('Theme').selectOption('Light');
    const restore = page.getByRole('button', { name: 'Take settings from a file …' });
    await chooseBy(page, restore, [textFile('strange.json', '{"version":1,"theme":"purple"}')]);
    await expect(page.getByText(/Nothing was changed/)).toContainText('theme');
    await chooseBy(page, restore, [textFile('strange.json', 'no settings')]);
    await expect(page.getByText('This file holds no settings of Veer.')).toBeVisible();
    await expect(page.getByLabel('Theme')).toHaveValue('light');
    await chooseBy(page, restore, [textFile(saved.name, saved.content)]);
    await expect(page.getByText('The settings of the file are in use now.')).toBeVisible();
    await expect(page.getByLabel('Theme')).toHaveValue('dark');
  },
);

webTest(
  'diagnostics are shown before they are saved, and hold no content',
  async ({ appPage: page, web }) => {
    await goTo(page, 'Settings');
    await page.getByRole('button', { name: 'Show diagnostics …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Diagnostics' });
    await expect(dialog).toContainText('starter-asr-en-s');
    const shown = await dialog.locator('pre').textContent();
    const saved = await downloaded(page, () =>
      dialog.getByRole('button', { name: 'Save as a file' }).click(),
    );
    expect(saved.content).toBe(shown);
    for (const secret of [RECORDING, LETTER, 'Anna', 'suddenly', web.program.folder]) {
      expect(saved.content).not.toContain(secret);
    }
  },
);

test('the privacy page says what is stored where, from the badge that is always there', async ({
  appPage: page,
}) => {
  await goTo(page, 'Offline');
  await expect(page.getByRole('heading', { name: 'Privacy', level: 1 })).toBeFocused();
  await expect(page.getByText('Nothing.', { exact: true })).toBeVisible();
  const rows = page.getByRole('region', { name: 'What is stored, and where' }).getByRole('row');
  await expect(rows.filter({ hasText: 'Transcripts' })).toContainText('veer.db');
  await expect(rows.filter({ hasText: 'Transcripts' })).toContainText(/[kM]B now/);
  await expect(page.getByRole('heading', { name: 'The key in the address' })).toBeVisible();
});
