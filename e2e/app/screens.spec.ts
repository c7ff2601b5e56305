/**
 * Every screen and dialog in three languages and windows of three sizes: accessible, translated,
 * nothing cut, everything within reach.
 */

import { join } from 'node:path';
import { expectAccessible, expectAllReachable, expectNothingCut } from './accessibility.ts';
import { expectNoEnglish } from './foreign-words.ts';
import { ROOT } from './programs.ts';
import { library } from './test-library.ts';
import { expect, webTest as test } from './test-page.ts';
import {
  MESSAGES,
  type See,
  walkItem,
  walkLibrary,
  walkOthers,
  walkQueue,
} from './test-screens.ts';

const MODEL = join(ROOT, 'models', 'starter-mt-en-de-s');

const LARGE = { width: 1280, height: 800 };
const SMALL = { width: 900, height: 600 };
/** What is left of the large window at a zoom of 200 %. */
const ZOOMED = { width: 640, height: 400 };

const WALKS = { walkLibrary, walkItem, walkOthers, walkQueue };

test.use({
  seed: library,
  shared: false,
  expectedErrors:
    /WebSocket connection .* failed|401 \(Unauthorized\)|ERR_CONNECTION_(REFUSED|RESET)/,
});

for (const locale of ['en-US', 'de-DE', 'qps-ploc'] as const) {
  test.describe(locale, () => {
    test.use({ locale });
    const t = MESSAGES[locale];
    for (const [name, walk] of Object.entries(WALKS)) {
      test(name, async ({ appPage: page, web: _ }) => {
        test.setTimeout(240_000);
        const see: See = async (screen) => {
          if (locale === 'en-US') await expectAccessible(page, screen);
          if (locale === 'de-DE') await expectNoEnglish(page, screen);
          for (const size of locale === 'qps-ploc' ? [SMALL] : [SMALL, ZOOMED]) {
            await page.setViewportSize(size);
            const place = `${screen}, ${size.width} × ${size.height}`;
            await expectNothingCut(page, place);
            await expectAllReachable(page, place);
          }
          await page.setViewportSize(LARGE);
        };
        await walk(page, t, see, MODEL);
      });
    }

    test('what is wrong with the connection and the history', async ({ veer, web }) => {
      await veer.start();
      const page = await web.tab();
      await page.setViewportSize(ZOOMED);
      await page.goto(`${new URL(web.program.address).origin}/#token=wrong`);
      await expect(
        page.getByRole('heading', { name: t.frame.connection.deniedTitle }),
      ).toBeVisible();
      if (locale === 'en-US') await expectAccessible(page, 'denied');
      if (locale === 'de-DE') await expectNoEnglish(page, 'denied');
      await expectNothingCut(page, 'denied');
      await veer.kill();
      web.program.damageDatabase();
      const other = await veer.start();
      await other.setViewportSize(ZOOMED);
      await expect(other.getByRole('heading', { name: t.frame.database.title })).toBeVisible();
      if (locale === 'en-US') await expectAccessible(other, 'damaged');
      if (locale === 'de-DE') await expectNoEnglish(other, 'damaged');
      await expectNothingCut(other, 'damaged');
      await expectAllReachable(other, 'damaged');
    });
  });
}

test.describe('at the first start', () => {
  test.use({ seed: null });
  for (const locale of ['en-US', 'de-DE', 'qps-ploc'] as const) {
    test.describe(locale, () => {
      test.use({ locale });
      test('the empty library', async ({ appPage: page, web: _ }) => {
        const heading = page.getByRole('heading', { name: MESSAGES[locale].frame.start.title });
        await expect(heading).toBeVisible();
        if (locale === 'en-US') await expectAccessible(page, 'first start');
        if (locale === 'de-DE') await expectNoEnglish(page, 'first start');
        for (const size of [SMALL, ZOOMED]) {
          await page.setViewportSize(size);
          await expectNothingCut(page, `first start, ${size.width}`);
          await expectAllReachable(page, `first start, ${size.width}`);
        }
      });
    });
  }
});
