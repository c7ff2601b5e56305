import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ProxyManifest } from '../../contract/model-layout.ts';
import { ProxyFolder } from './proxy-folder.ts';

const CORRELATIONS = { pearson: null, spearman: null, gains: [] };
const MANIFEST: ProxyManifest = {
  formatVersion: 1,
  id: 'mine',
  name: 'mine',
  task: 'asr',
  metric: 'wer',
  direction: 'lower-is-better',
  scoreRange: [0, 1],
  normalisation: 'raw',
  preconditioning: 'none',
  gate: 'none',
  gateThreshold: 0,
  steps: 1,
  mask: 'valid',
  hiddenSize: 1,
  parameters: 1,
  encoders: {},
  training: {
    fit: {
      shape: { pooling: 'position-mean', inner: 1, hidden: [1] },
      members: 1,
      epochs: 1,
      patience: 1,
      batchSize: 4,
      learningRate: 1,
      weightDecay: 0,
      dropout: 0,
      noise: 0,
      seed: 0,
    },
    examples: { train: 1, dev: 1, test: 1, skipped: 0, sha256: '' },
    plain: { mean: 0, deviation: 1 },
    gainMetric: null,
    dev: CORRELATIONS,
    test: CORRELATIONS,
    members: [],
    seconds: { outputs: 0, fit: 0, measure: 0 },
    decoderSha256: '',
    language: null,
  },
  trainingData: 'none',
  seed: 0,
  versions: {},
  license: 'MIT',
};

let model: string;
const proxies = () => readdirSync(join(model, 'proxies'));
beforeEach(() => {
  model = mkdtempSync(join(tmpdir(), 'veer-proxy-folder-'));
});
afterEach(() => rmSync(model, { recursive: true, force: true }));

async function train(replace = false): Promise<void> {
  const folder = await ProxyFolder.open(model, 'mine', replace);
  await folder.writeGraph(Uint8Array.of(1));
  await folder.writeManifest(MANIFEST);
  await folder.publish();
}

test('a proxy is there whole or not at all', async () => {
  const folder = await ProxyFolder.open(model, 'mine', false);
  await folder.writeGraph(Uint8Array.of(1));
  expect(existsSync(join(model, 'proxies'))).toBe(false);
  await folder.discard();
  expect(readdirSync(model)).toEqual([]);
  await train();
  expect(readdirSync(model)).toEqual(['proxies']);
  expect(readdirSync(join(model, 'proxies', 'mine')).sort()).toEqual(['proxy.json', 'proxy.onnx']);
});

test('what a killed training left behind is not in the way', async () => {
  mkdirSync(join(model, '.mine.training'));
  writeFileSync(join(model, '.mine.training', 'rest'), '');
  await train();
  expect(readdirSync(join(model, 'proxies', 'mine')).sort()).toEqual(['proxy.json', 'proxy.onnx']);
});

test('one that was trained here gives way where that is said', async () => {
  await train();
  await expect(train()).rejects.toMatchObject({ code: 'PROXY_EXISTS' });
  await train(true);
  expect(proxies()).toEqual(['mine']);
});

test.each([
  ['came with the model', JSON.stringify({ ...MANIFEST, training: undefined })],
  ['cannot be read', '{"training":'],
])('one that %s never gives way', async (_, manifest) => {
  await train();
  writeFileSync(join(model, 'proxies', 'mine', 'proxy.json'), manifest);
  await expect(train(true)).rejects.toMatchObject({ code: 'PROXY_EXISTS' });
});

test('a model folder that cannot be written to is named, with what to do', async () => {
  writeFileSync(join(model, 'file'), '');
  const opened = ProxyFolder.open(join(model, 'file'), 'mine', false);
  await expect(opened).rejects.toMatchObject({ code: 'OUTPUT_NOT_WRITABLE' });
});
