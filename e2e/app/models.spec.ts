import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { zipOf } from '../../src-main/engine/importing/test-zip.ts';
import { LISTENER } from './bundled-strengths.ts';
import { ROOT } from './programs.ts';
import { chooseBy, dropFiles, goTo } from './test-actions.ts';
import { expect, test } from './test-page.ts';

/** Folders to import; each test makes its own. */
let folder = '';
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'veer-models-'));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A model of ours under another name, with one number format. */
function copiedModel(name: string): string {
  const path = join(folder, name);
  cpSync(join(ROOT, 'models', 'starter-mt-en-de-s'), path, {
    recursive: true,
    filter: (file) => !file.endsWith('_int8.onnx'),
  });
  return path;
}

function model(page: Page, name: string) {
  return page
    .getByRole('region', { name: 'Models on this computer' })
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name, exact: true }) });
}

function chooseFolder(page: Page, path: string): Promise<void> {
  return chooseBy(page, page.getByRole('button', { name: 'Import a model folder …' }), path);
}

test('the bundled models are listed with what was measured of them', async ({ appPage: page }) => {
  await goTo(page, 'Models');
  await expect(page.getByRole('heading', { name: 'Models', level: 1 })).toBeFocused();
  const listener = model(page, 'starter-asr-en-m');
  await expect(listener).toContainText('Comes with Veer');
  await expect(listener).toContainText('Listens to English.');
  const begins = LISTENER.proven ? 'proven' : 'no proven gain, so it starts Off';
  await expect(listener).toContainText(begins);
  await expect(listener.getByRole('button', { name: /^Remove/ })).toHaveCount(0);
  await listener.getByText('Details', { exact: true }).click();
  await expect(listener.getByRole('table').getByRole('row')).toHaveCount(3);
  await expect(listener.getByRole('row', { name: /^fp32/ })).toContainText(`${LISTENER.suggested}`);

  await listener.getByRole('button', { name: 'Read its card starter-asr-en-m' }).click();
  const card = page.getByRole('dialog', { name: 'Card of starter-asr-en-m' });
  await expect(card.getByRole('heading').first()).toBeVisible();
  await expect(card).toContainText('fp32');
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
});

test('a model folder is imported, used by default, and removed', async ({ appPage: page }) => {
  await goTo(page, 'Models');
  const path = copiedModel('my-translator');
  writeFileSync(join(path, 'model.safetensors'), 'not needed');
  await chooseFolder(page, path);
  await expect(page.getByText(/1 file \(.*\) that Veer does not need: left out/)).toBeVisible();
  await expect(page.getByLabel('Name in Veer')).toHaveValue('my-translator');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText('my-translator is imported and works.')).toBeVisible();
  const imported = model(page, 'my-translator');
  await expect(imported).toContainText('Imported');
  await expect(imported).toContainText('English → German');

  await page.getByLabel('For texts').selectOption('my-translator');
  await expect(imported).toContainText('Default for texts');
  await page.reload();
  await goTo(page, 'Models');
  await expect(imported).toContainText('Default for texts');

  await imported.getByRole('button', { name: 'Remove … my-translator' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove my-translator?' });
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByText('my-translator is removed.')).toBeVisible();
  await expect(imported).toHaveCount(0);
});

test('a damaged file is named, and nothing of the model stays', async ({ appPage: page }) => {
  await goTo(page, 'Models');
  const path = copiedModel('damaged');
  writeFileSync(join(path, 'onnx', 'encoder_model.onnx'), 'this is no graph');
  await chooseFolder(page, path);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('encoder_model.onnx');
  await expect(model(page, 'damaged')).toHaveCount(0);
  await page.reload();
  await goTo(page, 'Models');
  await expect(model(page, 'starter-asr-en-m')).toBeVisible();
  await expect(model(page, 'damaged')).toHaveCount(0);
});

test('a folder that is no model says what it lacks', async ({ appPage: page }) => {
  await goTo(page, 'Models');
  const path = copiedModel('lacking');
  rmSync(join(path, 'config.json'));
  await chooseFolder(page, path);
  await expect(page.getByRole('alert')).toContainText('config.json');
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toHaveCount(0);
});

/** A checkpoint with random weights as one zip, beside a file that nothing reads. */
function zippedCheckpoint(name: string): string {
  const names = [
    'config.json',
    'generation_config.json',
    'preprocessor_config.json',
    'tokenizer.json',
    'tokenizer_config.json',
    'model.safetensors',
  ];
  const source = join(ROOT, 'e2e', 'fixtures', 'checkpoints', 'whisper');
  const entries = names.map((file) => ({
    name: `${name}/${file}`,
    content: readFileSync(join(source, file)),
  }));
  const path = join(folder, `${name}.zip`);
  writeFileSync(path, zipOf([...entries, { name: `${name}/old.msgpack`, content: 'unread' }]));
  return path;
}

test('a single file is dropped, recognised, made a model, and removed', async ({
  appPage: page,
}) => {
  await goTo(page, 'Models');
  await dropFiles(page, [zippedCheckpoint('my-listener')]);
  await expect(page.getByLabel('Name in Veer')).toHaveValue('my-listener');
  await expect(page.getByRole('checkbox', { name: /^int8/ })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: /^fp16/ })).toBeChecked();
  await page.getByRole('checkbox', { name: /^fp16/ }).uncheck();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText('my-listener is imported and works.')).toBeVisible();
  const imported = model(page, 'my-listener');
  await expect(imported).toContainText('Imported');
  await imported.getByText('Details', { exact: true }).click();
  await expect(imported).toContainText('int8');
  await imported.getByRole('button', { name: 'Read its card my-listener' }).click();
  const card = page.getByRole('dialog', { name: 'Card of my-listener' });
  await expect(card).toContainText('SHA-256');
  await page.keyboard.press('Escape');
  await imported.getByRole('button', { name: 'Remove … my-listener' }).click();
  await page
    .getByRole('dialog', { name: 'Remove my-listener?' })
    .getByRole('button', { name: 'Remove', exact: true })
    .click();
  await expect(imported).toHaveCount(0);
});

test('a file that can run code is refused before it is sent', async ({ appPage: page }) => {
  await goTo(page, 'Models');
  const path = join(folder, 'pytorch_model.bin');
  writeFileSync(path, 'weights');
  await chooseBy(page, page.getByRole('button', { name: 'Import a file …' }), path);
  await expect(page.getByRole('alert')).toContainText('safetensors');
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toHaveCount(0);
});
