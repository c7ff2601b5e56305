/** Everything with the keyboard alone: these tests never touch the mouse. */

import type { Locator, Page } from '@playwright/test';
import { SMALL_LISTENER } from './bundled-strengths.ts';
import { downloaded, field, history, item, job, listed, slider, unit } from './test-actions.ts';
import { LETTER, library, RECORDING } from './test-library.ts';
import { expect, test, webTest } from './test-page.ts';

/** More than any screen has controls. */
const MOST_TABS = 80;

/** Goes on with Tab until something has the focus. */
async function tabTo(page: Page, wanted: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect(wanted.first()).toBeAttached();
  for (let presses = 0; presses < MOST_TABS; presses += 1) {
    if (await wanted.first().evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  await expect(wanted.first()).toBeFocused();
}

function row(page: Page, name: string): Locator {
  return history(page).getByRole('button', { name, exact: true });
}

/** The newest entry is where Tab comes to the list. */
async function openByKeys(page: Page): Promise<void> {
  await tabTo(page, row(page, RECORDING));
  await page.keyboard.press('Enter');
  await expect(item(page).getByRole('heading', { name: RECORDING })).toBeFocused();
  await expect(item(page).getByText('3 of 7 units differ')).toBeVisible();
}

webTest.describe('at the first start', () => {
  webTest(
    'six keys at most lead to a kept text and its file',
    async ({ appPage: page, web: _ }) => {
      let pressed = 0;
      const press = async (key: string) => {
        pressed += 1;
        await page.keyboard.press(key);
      };
      await expect(page.getByRole('button', { name: 'A noisy recording' })).toBeFocused();
      await press('Enter');
      await expect(job(page, 'noisy-digits.en.opus')).toContainText('Done');
      const opened = item(page);
      await expect(opened.getByText(/^[1-9]\d* of \d+ units differs?$/)).toBeVisible();
      await press('2');
      await expect(opened.getByText(/^1 of \d+ reviewed$/)).toBeVisible();
      const { name, content } = await downloaded(page, () => press('Control+S'));
      await expect(opened.getByText(`Saved as ${name}`)).toBeVisible();
      const kept = opened.getByRole('group', { name: /^Unit/ }).filter({
        has: page.getByRole('button', { name: 'Keep alternative', pressed: true }),
      });
      const [, text] = /.*Alternative\s+(\S.*\S)/s.exec((await kept.textContent()) ?? '') ?? [];
      expect(content).toContain(text);
      expect(pressed).toBeLessThanOrEqual(6);
    },
  );
});

test.describe('in a library', () => {
  test.use({ seed: library, shared: false });

  test('versions are compared, kept, edited, played and undone', async ({ appPage: page }) => {
    await openByKeys(page);
    await page.keyboard.press('j');
    await expect(unit(page, 4)).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(unit(page, 5)).toBeFocused();
    await page.keyboard.press('k');
    await page.keyboard.press('ArrowUp');
    await expect(unit(page, 2)).toBeFocused();
    await page.keyboard.press('2');
    await expect(item(page).getByText('1 of 3 reviewed')).toBeVisible();
    await expect(unit(page, 4)).toBeFocused();
    await page.keyboard.press('1');
    await expect(item(page).getByText('2 of 3 reviewed')).toBeVisible();
    await expect(unit(page, 5)).toBeFocused();
    await page.keyboard.press('u');
    await expect(item(page).getByText('1 of 3 reviewed')).toBeVisible();
    await expect(unit(page, 4)).toBeFocused();
    await page.keyboard.press('Shift+U');
    await expect(item(page).getByText('2 of 3 reviewed')).toBeVisible();

    await page.keyboard.press('e');
    await expect(unit(page, 4).getByRole('textbox')).toBeFocused();
    await page.keyboard.press('Control+A');
    // Letters that are keys elsewhere are letters here.
    await page.keyboard.type('I want 2 juke boxes?');
    await page.keyboard.press('Control+Enter');
    await expect(unit(page, 4)).toBeFocused();
    await expect(unit(page, 4)).toContainText('I want 2 juke boxes?');
    await page.keyboard.press('e');
    await page.keyboard.type('nothing');
    await page.keyboard.press('Escape');
    await expect(unit(page, 4)).toBeFocused();
    await expect(unit(page, 4)).not.toContainText('nothing');

    const audio = page.getByRole('region', { name: 'Player' }).locator('audio');
    // On a machine that is busy with other things the browser was seen not to begin at once.
    await expect(async () => {
      await page.keyboard.press('Space');
      await expect(audio).toHaveJSProperty('paused', false, { timeout: 2000 });
    }).toPass();
    await expect(audio).toHaveJSProperty('paused', true);

    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: 'Keys' });
    await expect(keys).toContainText('Keep the alternative');
    await page.keyboard.press('Escape');
    await expect(keys).toHaveCount(0);
    await expect(unit(page, 4)).toBeFocused();
  });

  test('a key that comes before the rows are measured counts', async ({ appPage: page }) => {
    await page.evaluate(() => {
      const FRAMES = 5;
      globalThis.ResizeObserver = class extends ResizeObserver {
        constructor(report: ResizeObserverCallback) {
          const later = (frames: number, ...measured: Parameters<ResizeObserverCallback>) => {
            if (frames === 0) report(...measured);
            else requestAnimationFrame(() => later(frames - 1, ...measured));
          };
          super((...measured) => later(FRAMES, ...measured));
        }
      };
    });
    await openByKeys(page);
    await page.keyboard.press('j');
    await expect(unit(page, 4)).toBeFocused();
    await page.keyboard.press('k');
    await expect(unit(page, 2)).toBeFocused();
  });

  test('the strength, the filter and hiding are reached', async ({ appPage: page }) => {
    await openByKeys(page);
    await tabTo(page, slider(page));
    await page.keyboard.press('ArrowRight');
    await expect(slider(page)).toHaveAttribute('aria-valuetext', `High, α ${SMALL_LISTENER.high}`);
    await page.keyboard.press('Home');
    await expect(slider(page)).toHaveAttribute('aria-valuetext', 'Off, α 0');
    await page.keyboard.press('ArrowRight');
    await expect(slider(page)).toHaveAttribute('aria-valuetext', `Low, α ${SMALL_LISTENER.low}`);
    await page.keyboard.press('ArrowRight');
    await expect(item(page).getByText('3 of 7 units differ')).toBeVisible();
    const hide = item(page).getByRole('checkbox', { name: 'Hide which is which' });
    await tabTo(page, hide);
    await page.keyboard.press('Space');
    await expect(hide).toBeChecked();
    await page.keyboard.press('1');
    await expect(item(page).getByText(/^Chosen: plain [01], alternative [01]$/)).toBeVisible();
  });

  test('views and the editor are reached, and words are replaced', async ({ appPage: page }) => {
    await openByKeys(page);
    await page.keyboard.press('Alt+3');
    await expect(page.getByRole('tabpanel', { name: 'Details' })).toBeVisible();
    await tabTo(page, page.getByRole('tab', { name: 'Details' }), 'Shift+Tab');
    await page.keyboard.press('ArrowLeft');
    await expect(page.getByRole('tabpanel', { name: 'Edit' })).toBeVisible();
    await tabTo(page, field(page, 1));
    await page.keyboard.press('End');
    await page.keyboard.type(' Indeed.');
    await page.keyboard.press('Enter');
    await expect(field(page, 2)).toBeFocused();
    await expect(item(page).getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();

    await page.keyboard.press('Control+F');
    const bar = item(page).getByRole('search', { name: 'Find and replace' });
    await expect(bar.getByRole('textbox', { name: 'Find' })).toBeFocused();
    await page.keyboard.type('way');
    await expect(bar.getByRole('status')).toHaveText(/of 2$/);
    await page.keyboard.press('Enter');
    await tabTo(page, bar.getByRole('textbox', { name: 'Replace with' }));
    await page.keyboard.type('road');
    await tabTo(page, bar.getByRole('button', { name: 'Replace all' }));
    await page.keyboard.press('Enter');
    await expect(field(page, 1)).toHaveValue('We have a long road to go. Indeed.');
    await page.keyboard.press('Escape');
    await expect(bar).toHaveCount(0);
    await tabTo(page, item(page).getByRole('button', { name: 'Undo', exact: true }), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await expect(field(page, 1)).toHaveValue('We have a long way to go. Indeed.');
  });

  test('the history is gone through, renamed, chosen from and deleted', async ({
    appPage: page,
  }) => {
    await tabTo(page, row(page, RECORDING));
    await page.keyboard.press('ArrowDown');
    await expect(row(page, LETTER)).toBeFocused();
    await page.keyboard.press('F2');
    const dialog = page.getByRole('dialog', { name: 'Rename' });
    await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused();
    await page.keyboard.type('Anna');
    await page.keyboard.press('Enter');
    await expect(dialog).toHaveCount(0);
    await expect(row(page, 'Anna')).toBeFocused();

    await page.keyboard.press('Delete');
    await expect(row(page, 'Anna')).toHaveCount(0);
    await expect(listed(page, 'broken.flac').getByRole('button').first()).toBeFocused();
    await page.keyboard.press('Control+Z');
    await expect(row(page, 'Anna')).toBeFocused();

    await page.keyboard.press('Home');
    await expect(row(page, RECORDING)).toBeFocused();
    await page.keyboard.press('Shift+ArrowDown');
    await expect(history(page).getByText('2 selected')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(history(page).getByText('2 selected')).toHaveCount(0);
    await tabTo(page, page.getByRole('searchbox'), 'Shift+Tab');
    await page.keyboard.type('plum');
    await expect(history(page).getByRole('listitem')).toHaveCount(1);
  });

  test('a text is added, and jobs are worked, with their menu', async ({ appPage: page }) => {
    await tabTo(page, page.getByLabel('Text to translate'));
    await page.keyboard.type('Good morning.');
    await tabTo(page, page.getByLabel('Translate this text from and to'));
    await tabTo(page, page.getByRole('button', { name: 'Translate', exact: true }));
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('Text to translate')).toBeFocused();
    await expect(job(page, 'Good morning.')).toContainText('Done');
    await tabTo(
      page,
      job(page, 'broken.flac').getByRole('button', { name: 'Remove broken.flac from the queue' }),
    );
    await page.keyboard.press('Enter');
    await expect(job(page, 'broken.flac')).toHaveCount(0);
    // The focus goes to a neighbour, not away.
    await expect(page.getByRole('region', { name: 'Queue' }).locator(':focus')).toHaveCount(1);
  });

  test('dialogs and menus are opened, left and give the focus back', async ({ appPage: page }) => {
    await openByKeys(page);
    await page.keyboard.press('Control+Shift+S');
    await expect(page.getByRole('menuitem', { name: 'Text (.txt)' })).toBeVisible();
    await page.keyboard.press('Escape');
    const more = item(page).getByRole('button', { name: 'More actions' });
    await tabTo(page, more);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('menuitem', { name: 'Run again …' })).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const reference = page.getByRole('dialog', { name: 'Reference' });
    await expect(reference.getByLabel('What the whole text should say')).toBeFocused();
    // Tab stays within the dialog.
    for (let press = 0; press < 12; press += 1) {
      await page.keyboard.press('Tab');
      await expect(reference.locator(':focus')).toHaveCount(1);
    }
    await page.keyboard.press('Escape');
    await expect(reference).toHaveCount(0);
    await expect(more).toBeFocused();
  });

  test('every screen is reached, says where one is, and is worked', async ({ appPage: page }) => {
    const bar = page.getByRole('banner');
    await page.keyboard.press('Tab');
    await expect(bar.getByRole('button', { name: 'To the content' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('main')).toBeFocused();

    await tabTo(page, bar.getByRole('button', { name: 'Models' }), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Models', level: 1 })).toBeFocused();
    await tabTo(page, page.getByRole('button', { name: /^Read its card/ }));
    await page.keyboard.press('Enter');
    const card = page.getByRole('dialog');
    await expect(card).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: /^Read its card/ }).first()).toBeFocused();

    await tabTo(page, bar.getByRole('button', { name: 'Settings' }), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeFocused();
    await tabTo(page, page.getByLabel('Theme'));
    for (const theme of ['light', 'dark']) {
      await page.keyboard.press('ArrowDown');
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    }

    await tabTo(page, bar.getByRole('button', { name: 'Offline' }), 'Shift+Tab');
    await page.keyboard.press('Space');
    await expect(page.getByRole('heading', { name: 'Privacy', level: 1 })).toBeFocused();
  });
});
