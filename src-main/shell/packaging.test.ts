import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const packaging = join(root, 'resources', 'packaging');

interface Configuration {
  readonly asarUnpack: readonly string[];
  readonly files: readonly unknown[];
  readonly extraResources: readonly {
    readonly from: string;
    readonly filter?: readonly string[];
  }[];
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly publish: unknown;
}

/** electron-builder's own reader and checker of configurations, which it does not export. */
interface Builder {
  getConfig(project: string, path: string, options: null): Promise<Configuration>;
  validateConfiguration(config: unknown, log: { isEnabled: boolean }): Promise<void>;
}

const require = createRequire(import.meta.url);
const builder: Builder = createRequire(require.resolve('electron-builder'))(
  'app-builder-lib/out/util/config/config',
);

let config: Configuration;
beforeAll(async () => {
  config = await builder.getConfig(root, join(packaging, 'electron-builder.yml'), null);
});

test("the configuration keeps electron-builder's own schema", async () => {
  await builder.validateConfiguration(config, { isEnabled: false });
});

test('a mistake in it would be found', async () => {
  const wrong = { ...config, electronFuses: { runAsnode: false } };
  await expect(builder.validateConfiguration(wrong, { isEnabled: false })).rejects.toThrow();
});

test('the fuses close every way to run the program as something else', () => {
  expect(config.electronFuses).toEqual({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    grantFileProtocolExtraPrivileges: false,
    onlyLoadAppFromAsar: true,
    enableEmbeddedAsarIntegrityValidation: true,
    enableCookieEncryption: false,
  });
});

test('engine and native packages lie beside the archive', () => {
  expect(config.asarUnpack).toEqual(
    expect.arrayContaining(['out/main/engine-process.mjs', 'node_modules/**']),
  );
});

test('what is packed is there, and of the models only those for users', () => {
  for (const { from } of config.extraResources)
    expect(existsSync(join(root, from)), from).toBe(true);
  expect(config.extraResources.find(({ from }) => from === 'models')?.filter).toEqual([
    'starter-*/**',
  ]);
});

test('nothing is published', () => {
  expect(config.publish ?? null).toBeNull();
});

test("the notice names FFmpeg's licence", async () => {
  const notice = await readFile(join(packaging, 'THIRD-PARTY.md'), 'utf8');
  expect(notice).toContain('GNU General Public License');
  expect(notice).toContain('libfdk-aac');
});

test('the icon has the size that the installers want', async () => {
  const png = await readFile(join(root, 'resources', 'icons', 'icon.png'));
  expect(png.readUInt32BE(16)).toBe(512);
  expect(png.readUInt32BE(20)).toBe(512);
});

test('the workflow that was never run says so first', async () => {
  const workflow = await readFile(join(root, '.github', 'workflows', 'app.yml'), 'utf8');
  expect(workflow.split('\n', 1)[0]).toContain('never been run');
});
