/**
 * Each screen as a picture, compared with the stored one. Fonts and browsers draw differently from
 * machine to machine, so the pictures are compared only where the machine draws as the one that made
 * them (`pictures/drawn-by.json`); elsewhere they are skipped, and the reason is printed. New ones:
 * `npm run e2e -- --update-snapshots pictures`.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { goTo, item, openItem, showAllUnits, showTab } from './test-actions.ts';
import { LETTER, library, RECORDING } from './test-library.ts';
import { expect, webTest as test } from './test-page.ts';

const FOLDER = join(import.meta.dirname, 'pictures');
const DRAWN_BY = join(FOLDER, 'drawn-by.json');
const SMALL = { width: 900, height: 600 };

test.use({ seed: library });

interface Drawing {
  /** Of the browser. */
  readonly version: string;
  /** Of some words in the fonts of the page, in pixels. */
  readonly widths: readonly number[];
}

async function drawing(page: Page): Promise<Drawing> {
  const widths = await page.evaluate(() => {
    const context = document.createElement('canvas').getContext('2d');
    if (context === null) return [];
    const { fontFamily } = getComputedStyle(document.body);
    return ['400 15px', '600 22px', 'italic 12px'].map((style) => {
      context.font = `${style} ${fontFamily}`;
      return context.measureText('Jeder wackere Bayer vertilgt 1234567890 – α ✓ …').width;
    });
  });
  return { version: page.context().browser()?.version() ?? '', widths };
}

/** Skips the test where this machine draws otherwise. */
async function requireSameDrawing(page: Page, updating: boolean): Promise<void> {
  const now = await drawing(page);
  if (updating) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(DRAWN_BY, `${JSON.stringify(now, null, 2)}\n`);
  }
  const stored: unknown = existsSync(DRAWN_BY) ? JSON.parse(readFileSync(DRAWN_BY, 'utf8')) : null;
  const same = JSON.stringify(stored) === JSON.stringify(now);
  const reason = 'pictures: skipped, this machine draws with another browser or other fonts.';
  if (!same) process.stdout.write(`${reason}\n`);
  test.skip(!same, reason);
}

/** @param changing what is not the same each time */
async function expectPicture(page: Page, name: string, changing: Locator[] = []): Promise<void> {
  await expect(page).toHaveScreenshot(`${name}.png`, { mask: changing });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test.beforeEach(async ({ appPage: page, web: _ }, { config }) => {
      // 'missing' is the default, and would make pictures where there are none.
      await requireSameDrawing(page, ['all', 'changed'].includes(config.updateSnapshots));
    });

    test('the library', async ({ appPage: page }) => {
      await expect(page.getByRole('button', { name: 'A noisy recording' })).toBeEnabled();
      await expectPicture(page, `start-${colorScheme}`);
      await openItem(page, RECORDING);
      // The waveform comes last.
      const player = page.getByRole('region', { name: 'Player' });
      await expect(player.locator('path').last()).toHaveAttribute('d', /L/);
      await page.keyboard.press('j');
      await expectPicture(page, `compare-${colorScheme}`);
      await page.setViewportSize(SMALL);
      await expectPicture(page, `compare-small-${colorScheme}`);
      await page.setViewportSize({ width: 1280, height: 800 });
      await item(page).getByText('Details of unit 4').click();
      await expect(item(page).getByRole('img', { name: /^Chart/ })).toBeVisible();
      await expectPicture(page, `compare-details-${colorScheme}`);
      await item(page).getByText('Details of unit 4').click();
      await showTab(page, 'Edit');
      await expectPicture(page, `edit-${colorScheme}`);
      await showTab(page, 'Details');
      await expectPicture(page, `details-${colorScheme}`);
      await showTab(page, 'Compare');
      await openItem(page, LETTER);
      await showAllUnits(page);
      await expectPicture(page, `translation-${colorScheme}`);
    });

    test('the other screens', async ({ appPage: page, web }) => {
      const place = page.getByText(web.program.folder, { exact: true });
      const sizes = page.getByRole('cell', { name: /[kM]?B( now)?$/ });
      await goTo(page, 'Models');
      await expect(page.getByRole('listitem').first()).toBeVisible();
      await expectPicture(page, `models-${colorScheme}`);
      await goTo(page, 'Settings');
      await expect(sizes.first()).toBeVisible();
      await expectPicture(page, `settings-${colorScheme}`, [place, sizes]);
      await goTo(page, 'Offline');
      await expect(sizes.first()).toBeVisible();
      await expectPicture(page, `privacy-${colorScheme}`, [place, sizes]);
    });
  });
}
