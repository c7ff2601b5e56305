import { parse } from 'node:path';
import { chooseForItem, downloaded, item, openItem, unit } from './test-actions.ts';
import { LETTER, library, RECORDING } from './test-library.ts';
import { expect, webTest as test } from './test-page.ts';

test.use({ seed: library, permissions: ['clipboard-read', 'clipboard-write'] });

/** The text as it stands: one version kept, one unit corrected. */
const KEPT = 'Could you show me the way to the port?';

test('each format of a recording holds the text as it stands', async ({
  appPage: page,
  web: _,
}) => {
  const opened = await openItem(page, RECORDING);
  await unit(page, 2).getByRole('button', { name: 'Keep alternative' }).click();
  await expect(opened.getByText('1 of 3 reviewed')).toBeVisible();
  const exported = (entry: string) =>
    downloaded(page, async () => {
      await opened.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: entry }).click();
    });

  const text = await exported('Text (.txt)');
  expect(text.name).toMatch(/\.txt$/);
  await expect(opened.getByText(`Saved as ${text.name}`)).toBeVisible();
  expect(text.content).toContain(KEPT);
  expect(text.content).toContain('I want to travel around the word.');
  expect(text.content).not.toContain('fort');

  const srt = await exported('Subtitles (.srt)');
  expect(srt.content).toContain(`2\n00:00:03,000 --> 00:00:06,000\n${KEPT}\n`);
  const vtt = await exported('Web subtitles (.vtt)');
  expect(vtt.content).toMatch(/^WEBVTT\n/);
  expect(vtt.content).toContain(`00:00:03.000 --> 00:00:06.000\n${KEPT}\n`);
  const markdown = await exported('Markdown (.md)');
  expect(markdown.content).toContain(KEPT);

  const json = await exported('Everything, for programs (.json)');
  const result: unknown = JSON.parse(json.content);
  expect(result).toMatchObject({ format: 'veer-result', task: 'transcribe' });
  expect(new Set([text, srt, vtt, markdown, json].map(({ name }) => parse(name).ext)).size).toBe(5);
});

test('one version alone is exported without what people did', async ({ appPage: page, web: _ }) => {
  await chooseForItem(page, RECORDING, 'Export …');
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByLabel('Version').selectOption('Plain (α 0)');
  const { content } = await downloaded(page, () =>
    dialog.getByRole('button', { name: 'Save' }).click(),
  );
  expect(content).toContain('Could you show me the way to the fort?');
  await expect(dialog).toHaveCount(0);
});

test('a translation keeps its paragraphs, has no subtitles, and can be copied', async ({
  appPage: page,
  web: _,
}) => {
  const opened = await openItem(page, LETTER);
  await opened.getByRole('button', { name: 'Export' }).click();
  await expect(page.getByRole('menuitem')).toHaveText([
    'Text (.txt)',
    'Markdown (.md)',
    'Everything, for programs (.json)',
    'Copy the text',
    'One version …',
  ]);
  await page.getByRole('menuitem', { name: 'Copy the text' }).click();
  await expect(item(page).getByText('The text is on the clipboard.')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    /^Liebe Anna,\n\nDanke für deinen Brief\. Das Haus/,
  );
});
