import { job, translateText } from './test-actions.ts';
import { expect, webTest as test } from './test-page.ts';

// The browser itself writes refused connections to the console.
test.use({ expectedErrors: /WebSocket connection .* failed|ERR_CONNECTION_(REFUSED|RESET)/ });

test('a damaged history is said, and an empty one can be begun', async ({ veer, web }) => {
  const before = await veer.start();
  await expect(before.getByRole('button', { name: 'Choose files' })).toBeEnabled();
  await veer.kill();
  web.program.damageDatabase();
  const page = await veer.start();
  await expect(page.getByRole('heading', { name: 'Your history cannot be opened' })).toBeVisible();
  await page.getByRole('button', { name: 'Begin empty …' }).click();
  await page.getByRole('button', { name: 'Begin empty', exact: true }).click();
  await translateText(page, 'It works again.');
  await expect(job(page, 'It works again.')).toContainText('Done');
});
