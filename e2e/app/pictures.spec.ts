/**
 * Each screen as a picture, compared with the stored one. Fonts and browsers draw differently from
 * machine to machine, so the pictures are compared only where the machine draws as the one that made
 * them (pictures/made-with.json); elsewhere they are skipped, and the reason is printed. New ones:
 * `npm run e2e -- pictures --update-snapshots`.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { goTo, item, openItem, showAllUnits, showTab } from './test-actions.ts';
import { LETTER, library, RECORDING } from './test-library.ts';
import { expect, webTest as test } from './test-page.ts';

const FOLDER = join(import.meta.dirname, 'pictures');
const MADE_WITH = join(FOLDER, 'made-with.json');
const LARGE = { width: 1280, height: 800 };
const SMALL = { width: 900, height: 600 };
const WORDS = 'Jeder wackere Bayer vertilgt 1234567890 – α ✓ …';

test.use({ seed: library });

/** What a picture depends on besides the program: the browser, and the widths of some words. */
async function drawing(page: Page): Promise<string> {
  const widths = await page.evaluate((words) => {
    const context = document.createElement('canvas').getContext('2d');
    if (context === null) return [];
    const { fontFamily } = getComputedStyle(document.body);
    return ['400 15px', '600 22px', 'italic 12px'].map((style) => {
      context.font = `${style} ${fontFamily}`;
      return context.measureText(words).width;
    });
  }, WORDS);
  return `${JSON.stringify({ browser: page.context().browser()?.version(), widths })}\n`;
}

/** Skips the test where this machine draws otherwise. */
async function requireSameDrawing(page: Page, updating: boolean): Promise<void> {
  const now = await drawing(page);
  if (updating) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(MADE_WITH, now);
  }
  const same = readFileSync(MADE_WITH, 'utf8') === now;
  const reason = 'pictures: skipped, this machine draws with another browser or other fonts.';
  if (!same) process.stdout.write(`${reason}\n`);
  test.skip(!same, reason);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test.beforeEach(async ({ appPage: page, web: _ }, { config }) => {
      await requireSameDrawing(page, ['all', 'changed'].includes(config.updateSnapshots));
    });

    /** @param changing what is not the same each time */
    async function expectPicture(page: Page, name: string, changing: Locator[] = []) {
      const file = `${name}-${colorScheme}-large.png`;
      await expect.soft(page).toHaveScreenshot(file, { mask: changing });
    }

    async function expectSmallPicture(page: Page, name: string) {
      await page.setViewportSize(SMALL);
      await expect.soft(page).toHaveScreenshot(`${name}-${colorScheme}-small.png`);
      await page.setViewportSize(LARGE);
    }

    test('the library', async ({ appPage: page }) => {
      await expect(page.getByRole('button', { name: 'A noisy recording' })).toBeEnabled();
      await expectPicture(page, 'library');
      await expectSmallPicture(page, 'library');

      await openItem(page, RECORDING);
      // The waveform comes last.
      const waveform = page.getByRole('slider', { name: 'Position in the recording' });
      await expect(waveform.locator('path').last()).toHaveAttribute('d', /.{500}/);
      await page.keyboard.press('j');
      await expectPicture(page, 'compare');
      await expectSmallPicture(page, 'compare');
      await item(page).getByText('Details of unit 4').click();
      await expect(item(page).getByRole('img', { name: /^Chart/ })).toBeVisible();
      await expectPicture(page, 'compare-details');
      await item(page).getByText('Details of unit 4').click();
      await showTab(page, 'Edit');
      await expectPicture(page, 'edit');
      await showTab(page, 'Details');
      await expectPicture(page, 'details');
      await showTab(page, 'Compare');

      await openItem(page, LETTER);
      await showAllUnits(page);
      await expectPicture(page, 'compare-translation');
    });

    test('the other screens', async ({ appPage: page, web }) => {
      const place = page.getByText(web.program.folder, { exact: true });
      const sizes = page.getByText(/^\d+(\.\d+)? ?(byte|[kM]B)( now)?$/);
      await goTo(page, 'Models');
      await expect(page.getByRole('listitem').first()).toBeVisible();
      await expectPicture(page, 'models');
      await goTo(page, 'Settings');
      await expect(sizes.first()).toBeVisible();
      await expectPicture(page, 'settings', [place, sizes]);
      await goTo(page, 'Offline');
      await expect(sizes.first()).toBeVisible();
      await expectPicture(page, 'privacy', [place, sizes]);
    });
  });
}
