import { LISTENER, SMALL_LISTENER } from './bundled-strengths.ts';
import {
  chooseFiles,
  dropFiles,
  item,
  job,
  openItem,
  sample,
  setAlphas,
  showAllUnits,
  showTab,
  slider,
  textFile,
  translateText,
  unit,
  units,
} from './test-actions.ts';
import { expect, test } from './test-page.ts';

test('the start screen says what the models can do, and one click shows units that differ', async ({
  appPage: page,
}) => {
  await expect(page.getByText('Listens to English.')).toContainText(
    'Translates English → German and German → English.',
  );
  await page.getByRole('button', { name: 'A noisy recording' }).click();
  const opened = item(page);
  await expect(opened.getByRole('heading', { name: 'noisy-digits.en.opus' })).toBeFocused();
  await expect(opened.getByText(/^[1-9]\d* of \d+ units differs?$/)).toBeVisible();
  await expect(slider(page)).toHaveAttribute(
    'aria-valuetext',
    `Suggested, α ${LISTENER.suggested}`,
  );
  const differing = units(page).first();
  await expect(differing.getByRole('deletion').first()).toBeVisible();
  await expect(differing.getByRole('insertion').first()).toBeVisible();
});

test('the letter is a sample too', async ({ appPage: page }) => {
  await page.getByRole('button', { name: 'A short letter' }).click();
  await expect(item(page).getByRole('heading', { name: 'letter.en.txt' })).toBeFocused();
  await expect(job(page, 'letter.en.txt')).toContainText('Done');
  await showAllUnits(page);
  await expect(unit(page, 1)).toContainText('Anna');
});

test('dropped files are transcribed and translated, plain beside perturbed', async ({
  appPage: page,
}) => {
  await setAlphas(page, `${SMALL_LISTENER.suggested}`);
  await dropFiles(page, [sample('recorded-digits.en.flac'), sample('letter.de.txt')]);
  await expect(job(page, 'recorded-digits.en.flac')).toContainText('Done');
  await expect(job(page, 'letter.de.txt')).toContainText('Done');

  await openItem(page, 'recorded-digits.en.flac');
  await expect(slider(page)).toHaveAttribute(
    'aria-valuetext',
    `Suggested, α ${SMALL_LISTENER.suggested}`,
  );
  await showAllUnits(page);
  await expect(unit(page, 1)).toContainText('0:00–');
  await expect(page.getByRole('region', { name: 'Units' })).toContainText('seven');
  const player = page.getByRole('region', { name: 'Player' });
  await expect(player.getByRole('slider')).toHaveAttribute('aria-valuetext', '0:00 of 0:09');

  await openItem(page, 'letter.de.txt');
  await showTab(page, 'Details');
  await expect(page.getByRole('tabpanel')).toContainText(`0 · ${SMALL_LISTENER.suggested}`);
});

test('files are added by the button, several at once', async ({ appPage: page }) => {
  await chooseFiles(page, [
    textFile('one.txt', 'My brother sleeps.'),
    textFile('two.md', 'The house is small.'),
  ]);
  await expect(job(page, 'one.txt')).toContainText('Done');
  await expect(job(page, 'two.md')).toContainText('Done');
});

test('a pasted text is translated in the direction that stands beside it', async ({
  appPage: page,
}) => {
  await translateText(page, 'Good morning.', 'English → German');
  await expect(job(page, 'Good morning.')).toContainText('Done');
  await translateText(page, 'Guten Abend.', 'German → English');
  await expect(job(page, 'Guten Abend.')).toContainText('Done');
  await openItem(page, 'Good morning.');
  await showAllUnits(page);
  await expect(unit(page, 1)).toContainText('Guten Morgen');
  await openItem(page, 'Guten Abend.');
  await showAllUnits(page);
  await expect(unit(page, 1)).toContainText('evening');
});

test('what is no number of a step is said before anything is added', async ({ appPage: page }) => {
  await setAlphas(page, '0.05 much');
  await expect(page.getByText('“much” is not a number')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Choose files' })).toBeDisabled();
});

test('a file that is no recording fails with its reason, and the next one goes on', async ({
  appPage: page,
}) => {
  const broken = { name: 'broken.flac', mimeType: 'audio/flac', buffer: Buffer.from('no sound') };
  await chooseFiles(page, [broken, textFile('good.txt', 'Good night.')]);
  await expect(job(page, 'broken.flac')).toContainText('Failed');
  await expect(job(page, 'broken.flac').getByRole('alert')).toContainText('MEDIA_UNRECOGNISED');
  await expect(job(page, 'good.txt')).toContainText('Done');
});
