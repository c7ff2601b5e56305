import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const config = join(root, '.dependency-cruiser.mjs');

let tree: string;
beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), 'veer-imports-'));
  await write('tsconfig.json', '{ "compilerOptions": { "module": "nodenext" } }');
  await write('src-main/contract/errors.ts', 'export const code = 1;');
  await write('src-main/engine/onnx/graph.ts', 'export type Graph = number;');
});
afterEach(() => rm(tree, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true });
  await writeFile(join(tree, path), text);
}

/** Names of the rules that the tree breaks. */
async function brokenRules(): Promise<string[]> {
  const run = promisify(execFile)(
    process.execPath,
    [depcruise, 'src-main', '--config', config, '--output-type', 'json'],
    { cwd: tree, maxBuffer: 2 ** 24 },
  );
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  const report = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
  return report.summary.violations.map((violation) => violation.rule.name);
}

test('a tree that keeps the directions breaks no rule', async () => {
  await write('src-main/documents/read.ts', "export { code } from '../contract/errors.ts';");
  expect(await brokenRules()).toEqual([]);
});

test('a room that imports a room it may not is found, even by a type alone', async () => {
  await write(
    'src-main/documents/read.ts',
    "import type { Graph } from '../engine/onnx/graph.ts'; export type G = Graph;",
  );
  expect(await brokenRules()).toContain('direction-documents');
});

test('a search that imports a model family is found', async () => {
  await write('src-main/engine/models/t5.ts', 'export const t5 = 5;');
  await write('src-main/engine/decoding/beam.ts', "export { t5 } from '../models/t5.ts';");
  expect(await brokenRules()).toContain('direction-engine-decoding');
});

test('a new room must be entered in the rules first', async () => {
  await write('src-main/helpers/misc.ts', "export { code } from '../contract/errors.ts';");
  expect(await brokenRules()).toContain('unlisted-room');
});

test('ONNX Runtime is imported in its own room only', async () => {
  await write('node_modules/onnxruntime-node/package.json', '{ "main": "index.js" }');
  await write('node_modules/onnxruntime-node/index.js', 'module.exports = 1;');
  await write('src-main/engine/decoding/raw.ts', "import 'onnxruntime-node';");
  expect(await brokenRules()).toContain('package-onnxruntime-node');
});

test('two files that import each other are found', async () => {
  await write('src-main/contract/a.ts', "import { b } from './b.ts'; export const a = () => b;");
  await write('src-main/contract/b.ts', "import { a } from './a.ts'; export const b = () => a;");
  expect(await brokenRules()).toContain('no-circles');
});

test('Electron is imported by its shell only, so no other room can reach ipcMain', async () => {
  await write('node_modules/electron/package.json', '{ "main": "index.js" }');
  await write('node_modules/electron/index.js', 'module.exports = 1;');
  await write('src-main/jobs/raw.ts', "import 'electron';");
  await write('src-main/shell/window.ts', "import 'electron';");
  await write('src-main/main.ts', "import 'electron';");
  expect(await brokenRules()).toEqual(['package-electron']);
});
