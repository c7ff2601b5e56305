/** What a run of a model of many languages can be told, from the fields to the exported result. */

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { resultSchema } from '../../src-main/contract/result.ts';
import { FIXTURES } from '../dev-inputs.ts';
import { expectAccessible } from './accessibility.ts';
import {
  chooseFiles,
  downloaded,
  item,
  job,
  openItem,
  sample,
  showAllUnits,
  showTab,
  translateText,
  unit,
} from './test-actions.ts';
import { type Seed, smallModels } from './test-library.ts';
import { expect, test } from './test-page.ts';

/** Tiny models of random weights, as if they had been imported. */
const tinyModels: Seed = {
  fill(folder) {
    smallModels.fill(folder);
    for (const name of ['m2m100', 'whisper-multilingual']) {
      cpSync(join(FIXTURES, 'families', name), join(folder, 'models', name), { recursive: true });
    }
  },
};

test.use({ seed: tinyModels });

/** Lower case, without punctuation, with typing errors: what steps help with. */
const SHIFTED = 'plese tell hem that we are lat';

/** The version that stands as the text of every unit. */
function chosenIn(result: unknown) {
  return resultSchema.parse(result).segments.map(({ variants: [standing] }) => ({
    alpha: standing?.alpha,
    text: standing?.text,
  }));
}

async function exportedResult(page: Page): Promise<unknown> {
  await item(page).getByRole('button', { name: 'Export', exact: true }).click();
  const { content } = await downloaded(page, () =>
    page.getByRole('menuitem', { name: 'Everything, for programs (.json)' }).click(),
  );
  return JSON.parse(content);
}

test('a text is read in the language that was chosen, and again when it is run again', async ({
  appPage: page,
}) => {
  const paste = page.getByLabel('Text to translate');
  await paste.fill('Guten Tag.');
  await expect(page.getByLabel('Language of this text')).toHaveValue('');
  await page.getByLabel('Language of this text').selectOption('German');
  await page.getByLabel('Translate this text into').selectOption('French');
  await expectAccessible(page, 'a text and its language');
  await page.getByRole('button', { name: 'Translate', exact: true }).click();
  await expect(paste).toHaveValue('');
  await openItem(page, 'Guten Tag.');
  await expect(item(page)).toContainText('German → French');
  await expect(job(page, 'Guten Tag.')).toContainText('Done');
  expect(await exportedResult(page)).toMatchObject({ sourceLanguage: 'de', language: 'fr' });

  await item(page).getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Run again …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Run again' });
  await expect(dialog.getByLabel('Language of the text')).toHaveValue('de');
  await expect(dialog.getByLabel('Translate into')).toHaveValue('de>fr');
  await dialog.getByLabel('Language of the text').selectOption('Romanian');
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await showTab(page, 'Details');
  const languages = item(page).getByRole('definition').filter({ hasText: 'Romanian → French' });
  await expect(languages).toBeVisible();
});

test('a recording is written down as it was asked for, and the run says so', async ({
  appPage: page,
}) => {
  await page.getByText('Options', { exact: true }).click();
  const recordings = page.getByRole('group', { name: 'Recordings' });
  await recordings.getByText('More for recordings').click();
  // The bundled one writes English only.
  await expect(recordings.getByLabel(/^Check each part/)).toBeVisible();
  await expect(recordings.getByLabel(/^In English/)).toHaveCount(0);
  await expect(recordings.getByLabel('Spoken language')).toHaveValue('');
  await recordings.getByLabel('Spoken language').selectOption('German');
  await expect(recordings.getByLabel('Model', { exact: true })).toHaveValue('whisper-multilingual');
  await recordings.getByLabel(/^In English/).check();
  await recordings.getByLabel(/^Check each part/).check();
  await recordings.getByLabel('Words to expect').fill('Anna, Veer');
  await expectAccessible(page, 'options of a recogniser');
  await page.getByText('Options', { exact: true }).click();
  await expect(page.getByText('in English · checks · words to expect')).toBeVisible();

  const name = 'noisy-digits.en.opus';
  await chooseFiles(page, [sample(name)]);
  await expect(job(page, name)).toContainText('Done');
  await openItem(page, name);
  await expect(item(page)).toContainText('German → English');
  await showTab(page, 'Details');
  await expect(item(page).getByRole('definition').filter({ hasText: 'Anna, Veer' })).toBeVisible();
  await expect(item(page)).toContainText('in English · checks');
  expect(await exportedResult(page)).toMatchObject({
    sourceLanguage: 'de',
    speech: { toEnglish: true, prompt: 'Anna, Veer', fallback: { seed: 0 }, longForm: 'pauses' },
  });
});

test('the program chooses among versions, and its choice comes back where a person takes theirs back', async ({
  appPage: page,
}) => {
  await page.getByText('Options', { exact: true }).click();
  await page.getByLabel(/^Choose for me/).check();
  await page.getByText('Options', { exact: true }).click();
  await expect(page.getByText('chosen for me')).toBeVisible();
  await translateText(page, SHIFTED);
  await openItem(page, SHIFTED);
  await expect(job(page, SHIFTED)).toContainText('Done');
  const [chosen] = chosenIn(await exportedResult(page));
  expect(chosen?.alpha).toBeGreaterThan(0);
  await showAllUnits(page);
  await expect(unit(page, 1)).toContainText('Chosen for you: α');
  await expect(unit(page, 1)).toContainText(String(chosen?.text));
  await expectAccessible(page, 'a version that the program chose');

  await unit(page, 1).getByRole('button', { name: 'Keep plain' }).click();
  await expect(unit(page, 1)).not.toContainText('Chosen for you');
  expect(chosenIn(await exportedResult(page))).toMatchObject([{ alpha: 0 }]);
  await page.keyboard.press('u');
  await expect(unit(page, 1)).toContainText('Chosen for you: α');
  expect(chosenIn(await exportedResult(page))).toEqual([chosen]);

  await showTab(page, 'Details');
  await expect(item(page)).toContainText('chosen for each unit');
});
