import { expect, webTest as test } from './test-page.ts';

// The browser itself writes refused connections to the console.
test.use({
  expectedErrors:
    /WebSocket connection .* failed|401 \(Unauthorized\)|ERR_CONNECTION_(REFUSED|RESET)/,
});

const DENIED = { name: 'This page has no valid key' };

test('a wrong key and a missing one are answered with what to do', async ({ veer, web }) => {
  await veer.start();
  const page = await web.tab();
  const { origin } = new URL(web.program.address);
  await page.goto(`${origin}/#token=wrong`);
  await expect(page.getByRole('heading', DENIED)).toBeVisible();
  await expect(page.getByText('Open the whole address that Veer printed')).toBeVisible();

  const other = await web.tab();
  await other.goto(origin);
  await expect(other.getByRole('heading', DENIED)).toBeVisible();
});

test('a page whose program was started anew asks for the new address and takes it', async ({
  veer,
  web,
}) => {
  const page = await veer.start();
  await expect(page.getByRole('button', { name: 'Choose files' })).toBeEnabled();
  await veer.kill();
  await expect(page.getByText('The connection to Veer is lost.')).toBeVisible();
  await web.program.serve(Number(new URL(web.program.address).port));
  await expect(page.getByRole('heading', DENIED)).toBeVisible();
  await page.goto(web.program.address);
  await expect(page.getByRole('button', { name: 'Choose files' })).toBeEnabled();
});

test('the key does not stay in the address', async ({ veer, web }) => {
  const page = await veer.start();
  await expect(page).toHaveURL(`${new URL(web.program.address).origin}/`);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Choose files' })).toBeEnabled();
});
