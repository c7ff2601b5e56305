import { dropFiles, job, openItem, sample, setAlphas, translateText } from './test-actions.ts';
import { expect, test } from './test-page.ts';

test('dropped files are transcribed and translated, plain beside perturbed', async ({
  appPage: page,
}) => {
  await setAlphas(page, '0.05');
  await dropFiles(page, [sample('recorded-digits.en.flac'), sample('letter.en.txt')]);
  await expect(job(page, 'recorded-digits.en.flac')).toContainText('Done');
  await expect(job(page, 'letter.en.txt')).toContainText('Done');

  const recording = await openItem(page, 'recorded-digits.en.flac');
  const columns = recording.getByRole('columnheader');
  await expect(columns).toHaveText(['Time', 'Plain', 'α 0.05']);
  await expect(recording.getByRole('table')).toContainText('seven');

  const letter = await openItem(page, 'letter.en.txt');
  await expect(letter.getByRole('columnheader')).toHaveText(['Source', 'Plain', 'α 0.05']);
  await expect(letter.getByRole('row', { name: 'Dear Anna' })).toContainText('Anna');
  await expect(letter.getByRole('table')).toContainText('Garten');
});

test('a recording can be played when it is prepared', async ({ appPage: page }) => {
  await dropFiles(page, [sample('recorded-digits.en.flac')]);
  const item = await openItem(page, 'recorded-digits.en.flac');
  const audio = item.getByLabel('Recording recorded-digits.en.flac');
  await expect(audio).toBeVisible();
  const duration = () => audio.evaluate((element: { duration: number }) => element.duration);
  await expect.poll(duration).toBeGreaterThan(9.9);
  await expect(audio).toHaveJSProperty('error', null);
});

test('files are added by the button, several at once', async ({ appPage: page }) => {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  await (await chooser).setFiles([sample('letter.en.txt'), sample('synthetic-voice.en.mp3')]);
  await expect(job(page, 'letter.en.txt')).toContainText('Done');
  await expect(job(page, 'synthetic-voice.en.mp3')).toContainText('Done');
});

test('a pasted text is translated', async ({ appPage: page }) => {
  await translateText(page, 'Good morning.');
  await expect(job(page, 'Good morning.')).toContainText('Done');
  const item = await openItem(page, 'Good morning.');
  await expect(item.getByRole('table')).toContainText('Guten Morgen');
});

test('what is no number of a step is said before anything is added', async ({ appPage: page }) => {
  await setAlphas(page, '0.05 much');
  await expect(page.getByText('“much” is not a number')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Choose files' })).toBeDisabled();
});

test('a file that is no recording fails with its reason, and the next one goes on', async ({
  appPage: page,
}) => {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  const files = await chooser;
  const broken = { name: 'broken.flac', mimeType: 'audio/flac', buffer: Buffer.from('no sound') };
  const good = { name: 'good.txt', mimeType: 'text/plain', buffer: Buffer.from('Good morning.') };
  await files.setFiles([broken, good]);
  await expect(job(page, 'broken.flac')).toContainText('Failed');
  await expect(job(page, 'broken.flac').getByRole('alert')).toContainText('MEDIA_UNRECOGNISED');
  await expect(job(page, 'good.txt')).toContainText('Done');
});
