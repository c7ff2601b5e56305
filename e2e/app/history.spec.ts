import { job, listed, openItem, translateText } from './test-actions.ts';
import { expect, test } from './test-page.ts';

const HOSTILE = '<img src=x onerror=alert(1)> <b>bold</b> garden';

test('text with HTML in it is shown as text and runs nothing', async ({ appPage: page }) => {
  await translateText(page, HOSTILE);
  await expect(job(page, '<img src=x')).toContainText('Done');
  const item = await openItem(page, HOSTILE);
  await expect(item.getByRole('table')).toContainText('<b>bold</b>');
  await expect(page.locator('img, b')).toHaveCount(0);

  await page.getByRole('searchbox').fill('bold');
  await expect(listed(page, '<img src=x')).toBeVisible();
  await expect(page.locator('img, b')).toHaveCount(0);
});

test('search finds words and beginnings of words, and says when nothing is found', async ({
  appPage: page,
}) => {
  await translateText(page, 'The garden is beautiful.');
  await translateText(page, 'My brother sleeps.');
  await expect(job(page, 'garden')).toContainText('Done');
  await expect(job(page, 'brother')).toContainText('Done');
  const search = page.getByRole('searchbox');
  await search.fill('gard');
  await expect(listed(page, 'garden')).toBeVisible();
  await expect(listed(page, 'brother')).toHaveCount(0);
  await search.fill('nowhere');
  await expect(page.getByText('Nothing holds these words.')).toBeVisible();
});

test('a deletion can be undone', async ({ appPage: page }) => {
  await translateText(page, 'Good morning.');
  await expect(job(page, 'Good morning.')).toContainText('Done');
  await listed(page, 'Good morning.').getByRole('button', { name: 'Delete' }).click();
  await expect(listed(page, 'Good morning.')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  const item = await openItem(page, 'Good morning.');
  await expect(item.getByRole('table')).toContainText('Guten Morgen');
});
