import { field, item, openItem, showTab } from './test-actions.ts';
import { library, RECORDING } from './test-library.ts';
import { expect, test } from './test-page.ts';

// What is typed in one test would be seen by the next. Killing the program refuses connections.
test.use({
  seed: library,
  shared: false,
  expectedErrors: /WebSocket connection .* failed|ERR_CONNECTION_(REFUSED|RESET)/,
});

const SAVED = { name: 'Saved', exact: true } as const;

test('what is typed is saved by itself, and survives a reload and a killed program', async ({
  appPage,
  veer,
}) => {
  const opened = await openItem(appPage, RECORDING);
  await showTab(appPage, 'Edit');
  await expect(field(appPage, 1)).toHaveValue('We have a long way to go.');
  await field(appPage, 2).fill('Could you show me the way to the harbour?');
  await expect(opened.getByRole('status').filter({ hasText: SAVED.name })).toBeVisible();
  await appPage.reload();
  await openItem(appPage, RECORDING);
  await showTab(appPage, 'Edit');
  await expect(field(appPage, 2)).toHaveValue('Could you show me the way to the harbour?');

  await field(appPage, 3).fill('The lamp suddenly went out.');
  await expect(opened.getByRole('status').filter({ hasText: SAVED.name })).toBeVisible();
  await veer.kill();
  const page = await veer.start();
  await openItem(page, RECORDING);
  await showTab(page, 'Edit');
  await expect(field(page, 3)).toHaveValue('The lamp suddenly went out.');

  // The machine’s text was kept beside it.
  await item(page).getByRole('button', { name: 'Back to the machine’s text' }).last().click();
  await expect(field(page, 3)).toHaveValue('The light suddenly went out.');
});

test('what cannot be saved is kept, and saved when the program is back', async ({
  appPage: page,
  veer,
}) => {
  const opened = await openItem(page, RECORDING);
  await showTab(page, 'Edit');
  await veer.kill();
  await field(page, 1).fill('We have a long road to go.');
  await expect(opened.getByText('Not saved. It is kept here and tried again.')).toBeVisible();
  await expect(field(page, 1)).toHaveValue('We have a long road to go.');
});

test('words are found and replaced in the whole item, and one undo takes all of it back', async ({
  appPage: page,
}) => {
  const opened = await openItem(page, RECORDING);
  await showTab(page, 'Edit');
  await opened.getByRole('button', { name: 'Find and replace' }).click();
  const bar = opened.getByRole('search', { name: 'Find and replace' });
  await bar.getByRole('textbox', { name: 'Find' }).fill('way');
  await expect(bar.getByRole('status')).toHaveText('1 of 2');
  await bar.getByRole('button', { name: 'Next match' }).click();
  await expect(bar.getByRole('status')).toHaveText('2 of 2');
  await bar.getByRole('textbox', { name: 'Find' }).fill('we');
  await expect(bar.getByRole('status')).toHaveText(/^\d of 3$/);
  await bar.getByRole('button', { name: 'Whole words' }).click();
  await expect(bar.getByRole('status')).toHaveText('1 of 1');
  await bar.getByRole('button', { name: 'Whole words' }).click();

  await bar.getByRole('textbox', { name: 'Find' }).fill('way');
  await bar.getByRole('textbox', { name: 'Replace with' }).fill('road');
  await bar.getByRole('button', { name: 'Replace all' }).click();
  await expect(bar.getByRole('status')).toHaveText('2 matches replaced');
  await expect(field(page, 1)).toHaveValue('We have a long road to go.');
  await expect(field(page, 2)).toHaveValue('Could you show me the road to the fort?');
  await bar.getByRole('button', { name: 'Close find and replace' }).click();
  await expect(bar).toHaveCount(0);
  await opened.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(field(page, 1)).toHaveValue('We have a long way to go.');
  await expect(field(page, 2)).toHaveValue('Could you show me the way to the fort?');
  await opened.getByRole('button', { name: 'Redo', exact: true }).click();
  await expect(field(page, 2)).toHaveValue('Could you show me the road to the fort?');
});

test('the recording is heard at a chosen place and speed', async ({ appPage: page }) => {
  const opened = await openItem(page, RECORDING);
  await showTab(page, 'Edit');
  const player = page.getByRole('region', { name: 'Player' });
  const position = player.getByRole('slider', { name: 'Position in the recording' });
  await expect(position).toHaveAttribute('aria-valuetext', '0:00 of 0:22');
  // A click on the waveform goes to the moment below it.
  const box = await position.boundingBox();
  if (box === null) throw new Error('The waveform is not shown.');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await expect(position).toHaveAttribute('aria-valuetext', '0:11 of 0:22');

  await player.getByRole('combobox', { name: 'Speed' }).selectOption('2×');
  const audio = player.locator('audio');
  await expect(audio).toHaveJSProperty('playbackRate', 2);
  await expect(audio).toHaveJSProperty('error', null);
  await opened.getByRole('button', { name: 'Play from 0:06' }).click();
  await expect(player.getByRole('button', { name: 'Pause' })).toBeVisible();
  const time = () => audio.evaluate((element) => Reflect.get(element, 'currentTime') as number);
  await expect.poll(time).toBeGreaterThan(6.5);
  await player.getByRole('button', { name: 'Pause' }).click();
  await expect(audio).toHaveJSProperty('paused', true);
});

test('a unit of the comparison is heard from its beginning to its end', async ({
  appPage: page,
}) => {
  const opened = await openItem(page, RECORDING);
  const audio = page.getByRole('region', { name: 'Player' }).locator('audio');
  await opened.getByRole('button', { name: 'Play 0:09–0:12' }).click();
  await expect(audio).toHaveJSProperty('paused', false);
  const time = () => audio.evaluate((element) => Reflect.get(element, 'currentTime') as number);
  await expect.poll(time).toBeGreaterThan(9);
  await expect(audio).toHaveJSProperty('paused', true);
  expect(await time()).toBeLessThan(12.5);
});
