import { SMALL_TRANSLATOR } from './bundled-strengths.ts';
import {
  item,
  openItem,
  queue,
  setStrength,
  showAllUnits,
  slider,
  unit,
  units,
} from './test-actions.ts';
import {
  LONG_PLAIN,
  LONG_SENTENCES,
  plainTexts,
  SHORT_PLAIN,
  SHORT_SENTENCES,
} from './test-library.ts';
import { expect, test } from './test-page.ts';

test.use({ seed: plainTexts });

const { low, suggested, high, max } = SMALL_TRANSLATOR;
const WHOLE_FILE = /^Compute for the whole file/;

test('the strength is computed for the current unit, then for those in view, then for all', async ({
  appPage: page,
}) => {
  const opened = await openItem(page, SHORT_PLAIN);
  await expect(unit(page, 1)).toContainText('Not computed yet');
  await setStrength(page, 'Max');
  await expect(unit(page, 1)).not.toContainText(/Not computed yet|computing/);
  // All five strengths were one decode of the current unit …
  await opened.getByText('Details of unit 1').click();
  const strengths = opened.getByRole('table').getByRole('rowheader');
  await expect(strengths).toHaveText([0, low, suggested, high, max].map((alpha) => `${alpha}`));
  await opened.getByText('Details of unit 1').click();
  // … those in view have the one that is shown …
  await expect(units(page).filter({ hasText: 'computing' })).toHaveCount(0);
  await expect(opened.getByText(/\d of \d+ compared units differ, 20 in all/)).toBeVisible();
  await unit(page, 2).click({ position: { x: 2, y: 2 } });
  await opened.getByText('Details of unit 2').click();
  await expect(strengths).toHaveText(['0', `${max}`]);
  await opened.getByText('Details of unit 2').click();
  // … and nothing of this stands in the queue, which is for what people asked for.
  await expect(queue(page)).toHaveCount(0);
  await expect(opened.getByText('had to be encoded again')).toBeVisible();

  await opened
    .getByRole('button', { name: /^Compute for the whole file \(about \d+ s\)$/ })
    .click();
  await expect(opened.getByText(new RegExp(`^\\d+ of ${SHORT_SENTENCES} units`))).toBeVisible();
  await expect(opened.getByRole('button', { name: WHOLE_FILE })).toHaveCount(0);
});

test('a newer strength cancels the older one', async ({ appPage: page }) => {
  const opened = await openItem(page, LONG_PLAIN);
  await setStrength(page, 'High');
  await opened.getByRole('button', { name: WHOLE_FILE }).click();
  const row = queue(page).getByRole('listitem').filter({ hasText: LONG_PLAIN });
  await expect(row).toContainText('more versions');
  await expect(row).toContainText('Running');
  await expect(
    opened.getByText(/^Computing for the whole file: [\d,]+ units to go$/),
  ).toBeVisible();

  await slider(page).focus();
  await page.keyboard.press('ArrowRight');
  await expect(row).toHaveCount(0);
  await expect(opened.getByRole('button', { name: WHOLE_FILE })).toBeVisible();
  await expect(units(page).first()).not.toContainText(/Not computed yet|computing/);
  // The end of the file was not reached.
  await setStrength(page, 'High');
  await showAllUnits(page);
  await page.getByRole('region', { name: 'Units' }).hover();
  await expect(item(page).getByText(/compared units differ, 3,000 in all/)).toBeVisible();
  const said = await item(page)
    .getByText(/compared units/)
    .textContent();
  const compared = /of ([\d,]+) compared/.exec(said ?? '');
  expect(Number(compared?.[1]?.replaceAll(',', ''))).toBeLessThan(LONG_SENTENCES);
});

test('a free strength is computed where it is looked at', async ({ appPage: page }) => {
  const opened = await openItem(page, SHORT_PLAIN);
  await showAllUnits(page);
  await unit(page, 3).click({ position: { x: 2, y: 2 } });
  await opened.getByText('Details of unit 3').click();
  await opened.getByLabel('Another α').fill('0.07');
  await opened.getByRole('button', { name: 'Try' }).click();
  await expect(slider(page)).toHaveAttribute('aria-valuetext', 'Other, α 0.07');
  await expect(opened.getByRole('table').getByRole('rowheader', { name: '0.07' })).toBeVisible();
});
