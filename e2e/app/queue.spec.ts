import { job, manySentences, openItem, translateText } from './test-actions.ts';
import { expect, test } from './test-page.ts';

// The browser itself writes refused connections to the console.
test.use({ expectedErrors: /WebSocket connection .* failed|ERR_CONNECTION_(REFUSED|RESET)/ });

/** Enough to be stopped on the way; on one page of the item. */
const SENTENCES = 400;

test('a running job is cancelled within 2 s, keeps what is done, and goes on', async ({
  appPage: page,
}) => {
  await translateText(page, manySentences(SENTENCES));
  const row = job(page, 'Tom has 1 apples');
  const progress = row.getByRole('progressbar');
  await expect.poll(() => progress.getAttribute('value').then(Number)).toBeGreaterThan(0);
  await row.getByRole('button', { name: 'Cancel' }).click();
  await expect(row).toContainText('Cancelled', { timeout: 2000 });
  await expect(row).toContainText(/[1-9]\d* of 400 sentences/);

  await row.getByRole('button', { name: 'Retry' }).click();
  await expect(row).toContainText('Done');
});

test('a job goes on after the program was killed, with no unit doubled', async ({
  appPage,
  veer,
}) => {
  await translateText(appPage, manySentences(SENTENCES));
  const progress = job(appPage, 'Tom has 1 apples').getByRole('progressbar');
  await expect.poll(() => progress.getAttribute('value').then(Number)).toBeGreaterThan(0);
  await veer.kill();
  await expect(appPage.getByText('The connection to Veer is lost.')).toBeVisible();

  const page = await veer.start();
  const row = job(page, 'Tom has 1 apples');
  await expect(row).toContainText('Done');
  await expect(row).toContainText(`${SENTENCES} of ${SENTENCES} sentences`);
  const item = await openItem(page, /^Tom has 1 apples/);
  const sources = item.getByRole('row').locator('td:first-child');
  const expected = Array.from({ length: SENTENCES }, (_, index) => `Tom has ${index + 1} apples.`);
  await expect(sources).toHaveText(expected);
});
