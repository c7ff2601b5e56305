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
  tree = await mkdtemp(join(tmpdir(), 'veer-screens-'));
  await write('tsconfig.json', '{ "compilerOptions": { "module": "nodenext" } }');
  await write('src-main/contract/jobs.ts', 'export const schema = 1; export type Job = number;');
  await write('src-main/jobs/queue.ts', 'export const queue = 1;');
  await write('src-main/evaluation/word-diff.ts', 'export const wordDiff = 1;');
  await write('src-main/evaluation/bleu.ts', 'export const bleu = 1;');
  await write('src-renderer/bridge/client.ts', 'export const client = 1;');
  await write('src-renderer/state/list.ts', 'export const list = 1;');
});
afterEach(() => rm(tree, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true });
  await writeFile(join(tree, path), text);
}

/** A component that uses what it imports; the compiler leaves out what is not used. */
function component(name: string, from: string): string {
  return `<script lang="ts">import { ${name} } from '${from}';</script><p>{${name}}</p>`;
}

async function brokenRules(): Promise<string[]> {
  const args = [depcruise, 'src-main', 'src-renderer', '--config', config, '-T', 'json'];
  const run = promisify(execFile)(process.execPath, args, { cwd: tree, maxBuffer: 2 ** 24 });
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  const report = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
  const names = report.summary.violations.map((violation) => violation.rule.name);
  // What the compiler adds to a component is not there in this tree.
  return names.filter((name) => name !== 'unresolved');
}

test('screens that keep the directions break no rule', async () => {
  await write('src-renderer/features/jobs/List.svelte', component('list', '../../state/list.ts'));
  const types = "import type { Job } from '../../src-main/contract/jobs.ts'; export type J = Job;";
  await write('src-renderer/state/job.ts', types);
  expect(await brokenRules()).toEqual([]);
});

test('a component that asks the bridge itself is found', async () => {
  const path = 'src-renderer/features/jobs/List.svelte';
  await write(path, component('client', '../../bridge/client.ts'));
  expect(await brokenRules()).toContain('screens-features');
});

test('a plain component that knows a state is found', async () => {
  await write('src-renderer/ui/List.svelte', component('list', '../state/list.ts'));
  expect(await brokenRules()).toContain('screens-ui');
});

test('a screen that takes more of the contract than its types is found', async () => {
  const schema = "export { schema } from '../../src-main/contract/jobs.ts';";
  await write('src-renderer/state/job.ts', schema);
  expect(await brokenRules()).toContain('screens-take-types');
});

test('a screen that reaches past the contract is found', async () => {
  await write(
    'src-renderer/bridge/queue.ts',
    "export { queue } from '../../src-main/jobs/queue.ts';",
  );
  expect(await brokenRules()).toContain('screens-reach-the-contract-only');
});

test('a screen that wants Node is found', async () => {
  await write('src-renderer/state/path.ts', "export { join } from 'node:path';");
  expect(await brokenRules()).toContain('screens-have-no-node');
});

test('a state may ask how texts differ, and for nothing else of the evaluation', async () => {
  const wanted = "export { wordDiff } from '../../src-main/evaluation/word-diff.ts';";
  await write('src-renderer/state/marks.ts', wanted);
  expect(await brokenRules()).toEqual([]);
  await write(
    'src-renderer/state/bleu.ts',
    "export { bleu } from '../../src-main/evaluation/bleu.ts';",
  );
  expect(await brokenRules()).toContain('screens-reach-the-contract-only');
});

test('a component that asks itself how texts differ is found', async () => {
  const path = 'src-renderer/features/jobs/Marks.svelte';
  await write(path, component('wordDiff', '../../../src-main/evaluation/word-diff.ts'));
  expect(await brokenRules()).toContain('screens-features');
});
