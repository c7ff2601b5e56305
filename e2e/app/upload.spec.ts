import { chooseFiles, textFile } from './test-actions.ts';
import { expect, webTest as test } from './test-page.ts';

test('a file that is being sent can be taken back', async ({ appPage: page, web: _ }) => {
  // Loopback is too fast to be stopped by hand, so the request is held.
  await page.route('**/upload?*', () => undefined);
  await chooseFiles(page, [textFile('one.txt', 'One.'), textFile('two.txt', 'Two.')]);
  const uploads = page.getByRole('list', { name: 'Files on their way' });
  await expect(uploads.getByRole('listitem')).toHaveCount(2);
  await expect(uploads.getByRole('progressbar')).toBeVisible();

  await uploads.getByRole('button', { name: 'Cancel one.txt' }).click();
  await expect(uploads.getByRole('listitem')).toHaveText(/two.txt/);
  await uploads.getByRole('button', { name: 'Cancel two.txt' }).click();
  await expect(uploads).toHaveCount(0);
  await expect(page.getByText('Nothing here yet')).toBeVisible();
});
