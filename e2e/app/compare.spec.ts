import { SMALL_LISTENER, SMALL_TRANSLATOR } from './bundled-strengths.ts';
import {
  field,
  item,
  openItem,
  setStrength,
  showAllUnits,
  showTab,
  slider,
  unit,
  units,
} from './test-actions.ts';
import { LETTER, library, RECORDING } from './test-library.ts';
import { expect, test } from './test-page.ts';

// What is kept in one test would be seen by the next.
test.use({ seed: library, shared: false });

test('only units that differ are shown, with their words marked, and all on demand', async ({
  appPage: page,
}) => {
  const opened = await openItem(page, RECORDING);
  await expect(opened.getByText('3 of 7 units differ')).toBeVisible();
  await expect(opened.getByText('0 of 3 reviewed')).toBeVisible();
  await expect(units(page)).toHaveCount(3);
  await expect(unit(page, 2).getByRole('deletion')).toHaveText('fort');
  await expect(unit(page, 2).getByRole('insertion')).toHaveText('port');
  await expect(slider(page)).toHaveAttribute(
    'aria-valuetext',
    `Suggested, α ${SMALL_LISTENER.suggested}`,
  );
  const known = SMALL_LISTENER.proven ? 'has a proven gain on test data' : 'has no proven gain';
  await expect(opened.getByText(known)).toBeVisible();

  await showAllUnits(page);
  await expect(units(page)).toHaveCount(7);
  await expect(unit(page, 1)).toContainText('0:00–0:03');
  await expect(unit(page, 1).getByRole('deletion')).toHaveCount(0);
});

test('a kept version becomes the text, is there after a reload, and can be undone', async ({
  appPage: page,
}) => {
  const opened = await openItem(page, RECORDING);
  const keep = unit(page, 2).getByRole('button', { name: 'Keep alternative' });
  await keep.click();
  await expect(keep).toHaveAttribute('aria-pressed', 'true');
  await expect(opened.getByText('1 of 3 reviewed')).toBeVisible();
  await expect(unit(page, 4)).toHaveAttribute('aria-current', 'true');
  await unit(page, 4).getByRole('button', { name: 'Keep plain' }).click();
  await expect(opened.getByText('2 of 3 reviewed')).toBeVisible();

  await page.reload();
  await openItem(page, RECORDING);
  await expect(opened.getByText('2 of 3 reviewed')).toBeVisible();
  await expect(keep).toHaveAttribute('aria-pressed', 'true');
  await expect(unit(page, 2).getByRole('deletion')).toHaveCount(0);

  await unit(page, 2).getByRole('button', { name: 'Keep plain' }).click();
  await expect(unit(page, 2).getByRole('deletion')).toHaveText('fort');
  await opened.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(keep).toHaveAttribute('aria-pressed', 'true');
  await opened.getByRole('button', { name: 'Redo', exact: true }).click();
  await expect(keep).toHaveAttribute('aria-pressed', 'false');
});

test('a correction belongs to the version that it was made on', async ({ appPage: page }) => {
  await openItem(page, RECORDING);
  const port = unit(page, 2);
  await port.getByRole('button', { name: 'Keep alternative' }).click();
  await expect(port.getByRole('deletion')).toHaveCount(0);
  await port.getByRole('button', { name: 'Edit' }).click();
  const text = port.getByRole('textbox', { name: 'Your text of this unit' });
  await text.fill('Could you show me the way to the harbour?');
  await text.press('Control+Enter');
  await expect(port).toContainText('Corrected');
  await expect(port).toContainText('harbour');

  await port.getByRole('button', { name: 'Keep plain' }).click();
  await expect(port).toContainText('Your correction stays with the version it was made on.');
  await expect(port).not.toContainText('harbour');
  await port.getByRole('button', { name: 'Keep alternative' }).click();
  await expect(port).toContainText('harbour');

  await showTab(page, 'Edit');
  await expect(field(page, 2)).toHaveValue('Could you show me the way to the harbour?');
});

test('a choice can be made without knowing which version is which', async ({ appPage: page }) => {
  const opened = await openItem(page, RECORDING);
  await opened.getByRole('checkbox', { name: 'Hide which is which' }).click();
  await expect(slider(page)).toHaveCount(0);
  await expect(opened.getByText('The strength is hidden while you choose.')).toBeVisible();
  await expect(opened.getByText('Chosen: plain 0, alternative 0')).toBeVisible();
  for (const position of [2, 4, 5]) {
    // Nothing says which is which: neither names nor marks.
    await expect(unit(page, position)).not.toContainText(/plain|alternative|your text/i);
    await expect(unit(page, position).getByRole('deletion')).toHaveCount(0);
    await expect(unit(page, position).getByRole('insertion')).toHaveCount(0);
    await unit(page, position).getByRole('button', { name: 'Keep version A' }).click();
    await expect(unit(page, position)).toContainText(/Version A: (Plain|Alternative)/);
  }
  const [, plain, alternative] =
    /plain (\d), alternative (\d)/.exec((await opened.getByText(/^Chosen:/).textContent()) ?? '') ??
    [];
  expect(Number(plain) + Number(alternative)).toBe(3);
});

test('a version that is computed already is shown at once', async ({ appPage: page }) => {
  const opened = await openItem(page, RECORDING);
  await setStrength(page, 'Low');
  await expect(opened.getByText('No unit differs')).toBeVisible();
  await opened.getByRole('button', { name: 'Show all units' }).click();
  await expect(units(page)).toHaveCount(7);
  await setStrength(page, 'High');
  await expect(opened.getByText('3 of 7 units differ')).toBeVisible();
  await setStrength(page, 'Off');
  await expect(opened.getByText('7 units', { exact: true })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Queue' })).not.toContainText('more versions');
});

test('details collapse equal versions, say what is predicted, and measure against a reference', async ({
  appPage: page,
}) => {
  const opened = await openItem(page, RECORDING);
  await opened.getByText('Details of unit 2').click();
  const versions = opened.getByRole('list', { name: 'Versions' }).getByRole('listitem');
  await expect(versions).toHaveText([
    `α 0, ${SMALL_LISTENER.low} Could you show me the way to the fort?`,
    `α ${SMALL_LISTENER.suggested}, ${SMALL_LISTENER.high} Could you show me the way to the port?`,
  ]);
  await expect(
    opened.getByRole('table', { name: 'predicted from the encoder, not measured on this text' }),
  ).toBeVisible();
  const chart = opened.getByRole('img', { name: /^Chart over α\./ });
  await expect(chart).toHaveAttribute(
    'aria-label',
    new RegExp(`α ${SMALL_LISTENER.suggested}: predicted score .*, words changed 1\\.`),
  );
  await expect(chart).toContainText('predicted from the encoder, not measured on this text');

  await opened.getByLabel('Another α').fill('much');
  await opened.getByRole('button', { name: 'Try' }).click();
  await expect(opened.getByRole('alert')).toContainText('ALPHA_NOT_FINITE');

  await opened.getByLabel('What should it say?').fill('Could you show me the way to the port?');
  await opened.getByRole('button', { name: 'Save reference' }).click();
  const scores = opened.getByText('Word error rate (lower is better)').locator('..');
  await expect(scores).toContainText('over 1 unit');
  await expect(scores).toContainText(/Your text\D+11\.1\s?%/);
  await expect(scores).toContainText(
    new RegExp(`Alternative, α ${SMALL_LISTENER.suggested}\\D+0\\.0\\s?%`),
  );
});

test('a translation is measured by chrF against a reference of the whole text', async ({
  appPage: page,
}) => {
  const opened = await openItem(page, LETTER);
  await opened.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Reference …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Reference' });
  await dialog
    .getByLabel('What the whole text should say')
    .fill('Liebe Anna,\n\nVielen Dank für deinen Brief.');
  await dialog.getByRole('button', { name: 'Save and measure' }).click();
  await expect(item(page).getByText('chrF (higher is better)')).toBeVisible();
  await showTab(page, 'Details');
  const rows = opened.getByRole('table').filter({ hasText: 'chrF' }).getByRole('row');
  await expect(rows).toHaveText([
    /Version\s*chrF/,
    /^Your text/,
    /^Plain/,
    new RegExp(`^α ${SMALL_TRANSLATOR.low}`),
    new RegExp(`${SMALL_TRANSLATOR.suggested}`),
    new RegExp(`${SMALL_TRANSLATOR.high}`),
  ]);
});
