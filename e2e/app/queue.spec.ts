import {
  chooseForJob,
  item,
  job,
  listed,
  manySentences,
  openItem,
  queue,
  setStrength,
  showTab,
  translateText,
  unit,
} from './test-actions.ts';
import { expect, test, webTest } from './test-page.ts';

// The browser itself writes refused connections to the console.
test.use({ expectedErrors: /WebSocket connection .* failed|ERR_CONNECTION_(REFUSED|RESET)/ });

/** Enough to be stopped on the way. */
const SENTENCES = 400;
/** Are not done before something else was done. */
const VERY_MANY = 4000;

async function waitForProgress(row: ReturnType<typeof job>): Promise<void> {
  const progress = row.getByRole('progressbar');
  const done = () => progress.getAttribute('aria-valuenow').then(Number);
  await expect.poll(done).toBeGreaterThan(0);
}

test('a running job is cancelled within 2 s, keeps what is done, and goes on', async ({
  appPage: page,
}) => {
  await translateText(page, manySentences(SENTENCES, 'Ann'));
  const row = job(page, 'Ann has 1 apples');
  await waitForProgress(row);
  await row.getByRole('button', { name: /^Cancel / }).click();
  await expect(row).toContainText('Cancelled', { timeout: 2000 });
  await expect(row).toContainText(/[1-9]\d* of 400 sentences/);

  await row.getByRole('button', { name: /^Retry / }).click();
  await expect(row).toContainText('Done');
  await expect(row).toContainText('400 of 400 sentences');
});

test('what waits can be changed, moved and taken away', async ({ appPage: page }) => {
  await translateText(page, manySentences(VERY_MANY, 'Ben'));
  for (const text of ['First day.', 'Second day.', 'Third day.']) await translateText(page, text);

  await chooseForJob(page, 'Third day.', 'Do first');
  const names = queue(page).getByRole('listitem').filter({ hasText: 'day.' });
  await expect(names).toHaveText([/Third day/, /First day/, /Second day/]);
  await chooseForJob(page, 'First day.', 'Move down');
  await expect(names).toHaveText([/Third day/, /Second day/, /First day/]);

  await chooseForJob(page, 'Third day.', 'Edit …');
  const dialog = page.getByRole('dialog', { name: 'Change this job' });
  await dialog.getByLabel('Translate from and to').selectOption('German → English');
  await dialog.getByLabel('Alternative versions (α)').fill('0.1');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();

  const second = job(page, 'Second day.');
  await second.getByRole('button', { name: /^Cancel / }).click();
  await expect(second).toContainText('Cancelled');
  await second.getByRole('button', { name: 'Remove Second day. from the queue' }).click();
  await expect(second).toHaveCount(0);
  await expect(listed(page, 'Second day.')).toContainText('Cancelled');

  await job(page, 'Ben has 1 apples')
    .getByRole('button', { name: /^Cancel / })
    .click();
  await expect(job(page, 'Third day.')).toContainText('Done');
  await openItem(page, 'Third day.');
  await showTab(page, 'Details');
  await expect(page.getByRole('tabpanel')).toContainText('German → English');
  await expect(page.getByRole('tabpanel')).toContainText('0 · 0.1');

  await expect(job(page, 'First day.')).toContainText('Done');
  await queue(page).getByRole('button', { name: 'Clear finished' }).click();
  await expect(queue(page)).toHaveCount(0);
});

test('the text of a running job can be read as it grows', async ({ appPage: page }) => {
  await translateText(page, manySentences(VERY_MANY, 'Carl'));
  const row = job(page, 'Carl has 1 apples');
  await row.getByRole('button', { name: /^Carl has/ }).click();
  const opened = item(page);
  await expect(opened).toContainText(/ hat /);
  await expect(row.getByRole('progressbar')).toBeVisible();
  await row.getByRole('button', { name: /^Cancel / }).click();
  await expect(row).toContainText('Cancelled');
  await expect(opened.getByText('This run was stopped.')).toBeVisible();
  await expect(opened.getByRole('button', { name: 'Go on' })).toBeVisible();
});

webTest(
  'a notice of the system says that a job is done, and nothing of it',
  async ({ veer, web }) => {
    await veer.start();
    const page = await web.tab();
    // The notices of a browser cannot be seen from a test, and a test's page always has the focus.
    await page.addInitScript(() => {
      const shown: unknown[] = [];
      class Notice {
        static readonly permission = 'granted';
        static readonly requestPermission = () => Promise.resolve('granted');
        constructor(title: string, { body }: NotificationOptions) {
          shown.push(`${title}: ${body}`);
        }
        close(): void {}
      }
      Object.assign(globalThis, { Notification: Notice, shownNotices: shown });
      document.hasFocus = () => false;
    });
    await page.goto(web.program.address);
    await page.getByRole('button', { name: 'Settings' }).click();
    const wanted = page.getByRole('checkbox', { name: 'Tell me when a job has ended' });
    await wanted.click();
    await expect(wanted).toBeChecked();
    await page.getByRole('button', { name: 'Library' }).click();
    await translateText(page, 'A secret.');
    await expect(job(page, 'A secret.')).toContainText('Done');
    expect(await page.evaluate(() => Reflect.get(globalThis, 'shownNotices'))).toEqual([
      'Veer: A translation is done.',
    ]);
  },
);

test('a job goes on after the program was killed, with no unit doubled', async ({
  appPage,
  veer,
}) => {
  await translateText(appPage, manySentences(SENTENCES));
  await waitForProgress(job(appPage, 'Tom has 1 apples'));
  await veer.kill();
  await expect(appPage.getByText('The connection to Veer is lost.')).toBeVisible();

  const page = await veer.start();
  const row = job(page, 'Tom has 1 apples');
  await expect(row).toContainText('Done');
  await expect(row).toContainText(`${SENTENCES} of ${SENTENCES} sentences`);
  await row.getByRole('button', { name: /^Tom has/ }).click();
  await setStrength(page, 'Off');
  await expect(item(page)).toContainText(`${SENTENCES} units`);
  await expect(unit(page, 1)).toContainText('Tom has 1 apples.');
  await page.getByRole('region', { name: 'Units' }).hover();
  await page.mouse.wheel(0, 1_000_000);
  await expect(unit(page, SENTENCES)).toContainText(`Tom has ${SENTENCES} apples.`);
  await expect(unit(page, SENTENCES + 1)).toHaveCount(0);
});
