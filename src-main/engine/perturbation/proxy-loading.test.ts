import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { VeerError } from '../../contract/errors.ts';
import { PerturbationProxy } from './proxy.ts';
import { BUNDLED_PROXIES, loadBundled } from './test-proxies.ts';
import { ProxyFolder, TINY_PROXIES, TINY_WIDTH, tinyGraph } from './test-tiny-proxies.ts';

const [TINY] = TINY_PROXIES;

function proxyFolder(): ProxyFolder {
  if (TINY === undefined) throw new Error('There is no tiny proxy.');
  const folder = new ProxyFolder(TINY, tinyGraph(TINY));
  onTestFinished(() => folder[Symbol.dispose]());
  return folder;
}

/** The named error of a promise that must fail. */
async function errorOf(promise: Promise<PerturbationProxy>): Promise<VeerError> {
  const outcome = await promise.then(
    () => 'loaded',
    (error: unknown) => error,
  );
  if (!(outcome instanceof VeerError)) throw new Error(`Expected a VeerError, got ${outcome}.`);
  return outcome;
}

describe('loading a proxy', () => {
  test.each(BUNDLED_PROXIES)('takes the proxy of $name with its encoder', async (bundled) => {
    const proxy = await loadBundled(bundled);
    expect(proxy.identity.id).toBe(proxy.manifest.id);
    expect(proxy.identity.sha256).toMatch(/^[0-9a-f]{64}$/);
    await proxy.dispose();
  });

  test('names the folder that is not there', async () => {
    const folder = proxyFolder();
    const directory = join(folder.path, 'nothing-here');
    const encoder = { modelId: 'some-model', dtype: 'fp32', sha256: '0'.repeat(64) } as const;
    const options = { directory, device: 'cpu', threads: null, encoder, hiddenSize: TINY_WIDTH };
    const error = await errorOf(PerturbationProxy.load({ ...options, device: 'cpu' }));
    expect(error.code).toBe('PROXY_NOT_FOUND');
    expect(error.message).toContain(directory);
  });

  test('names proxy.json where it is missing', async () => {
    const folder = proxyFolder();
    rmSync(folder.manifestPath);
    const error = await errorOf(folder.load());
    expect(error.code).toBe('PROXY_INVALID');
    expect(error.message).toContain(folder.manifestPath);
  });

  test('says where proxy.json is not JSON', async () => {
    const folder = proxyFolder();
    writeFileSync(folder.manifestPath, '{"formatVersion": 1,');
    const error = await errorOf(folder.load());
    expect(error.code).toBe('PROXY_INVALID');
    expect(error.message).toMatch(/proxy\.json .*not valid JSON/);
  });

  test.each([
    ['formatVersion', 2],
    ['metric', 'mood'],
    ['direction', undefined],
    ['normalisation', 'sideways'],
    ['gate', null],
    ['mask', 'some'],
    ['hiddenSize', -16],
    ['encoders', { fp32: { file: 'onnx/encoder_model.onnx', sha256: 'short' } }],
  ])('names the field of proxy.json that is wrong: %s %j', async (field, value) => {
    const folder = proxyFolder();
    folder.writeManifest({ [field]: value });
    const error = await errorOf(folder.load());
    expect(error.code).toBe('PROXY_INVALID');
    expect(error.message).toContain(folder.manifestPath);
    expect(error.message).toContain(field);
  });

  test('names both sizes where the encoder has another one', async () => {
    const error = await errorOf(proxyFolder().load({ hiddenSize: 512 }));
    expect(error.code).toBe('PROXY_INVALID');
    expect(error.message).toContain(`${TINY_WIDTH}`);
    expect(error.message).toContain('512');
  });

  test('names proxy.onnx where it is missing', async () => {
    const folder = proxyFolder();
    rmSync(folder.graphPath);
    const error = await errorOf(folder.load());
    expect(error.code).toBe('PROXY_INVALID');
    expect(error.message).toContain(folder.graphPath);
  });

  test.each([0, 1, 0.1, 0.5, 0.9, 0.99])(
    'names proxy.onnx where %d of it is left',
    async (share) => {
      const folder = proxyFolder();
      const bytes = readFileSync(folder.graphPath);
      const length = share === 1 ? bytes.length - 1 : Math.round(share * bytes.length);
      writeFileSync(folder.graphPath, bytes.subarray(0, length));
      const error = await errorOf(folder.load());
      expect(error.code).toBe('PROXY_INVALID');
      expect(error.message).toContain(folder.graphPath);
      expect(error.message).toMatch(/cut short/);
    },
  );

  test('refuses an encoder that it was not measured on, and names those that it was', async () => {
    const error = await errorOf(proxyFolder().load({ sha256: 'f'.repeat(64) }));
    expect(error.code).toBe('PROXY_ENCODER_UNLISTED');
    expect(error.message).toContain('some-model');
    expect(error.message).toContain('onnx/encoder_model.onnx');
  });
});
