import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeModel, makeProxy, modelsFolder, PAIR } from '../model-store/test-model-folders.ts';
import { deleteProxy, proxiesReport } from './proxy-list-commands.ts';

test('a proxy that came with the model is listed as such, and not deleted', async () => {
  const root = modelsFolder();
  makeModel(root, 'model', PAIR);
  makeProxy(join(root, 'model'), 'bundled', { suggestedAlpha: 0.1, interval: [0.2, 0.4] });
  expect(await proxiesReport([root], null)).toMatch(
    /^model\/bundled: .*, came with the model\n {2}fp32: .*suggested α 0\.1, gain 0\.00 \[0\.20, 0\.40\]\n$/,
  );
  await expect(deleteProxy([root], 'model', 'bundled')).rejects.toThrow(/came with model/);
  await expect(deleteProxy([root], 'model', 'gone')).rejects.toMatchObject({
    code: 'PROXY_NOT_FOUND',
  });
  expect(existsSync(join(root, 'model', 'proxies', 'bundled'))).toBe(true);
});

test('no proxies are said to be none', async () => {
  expect(await proxiesReport([modelsFolder()], null)).toBe('No proxies.\n');
});
