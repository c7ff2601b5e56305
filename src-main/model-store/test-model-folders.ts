/** Model folders made for a test: the names that a model has; nothing here reads the graphs. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { MeasuredEncoder, ProxyManifest } from '../contract/model-layout.ts';

export const PAIR = ['encoder_model.onnx', 'decoder_model_merged.onnx'];
export const INT8 = ['encoder_model_int8.onnx', 'decoder_model_merged_int8.onnx'];

/** A folder for models that goes with the test. */
export function modelsFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'veer-models-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

export function makeModel(
  root: string,
  name: string,
  files: readonly string[],
  config: object = { model_type: 't5' },
): void {
  mkdirSync(join(root, name, 'onnx'), { recursive: true });
  for (const file of files) writeFileSync(join(root, name, 'onnx', file), '');
  writeFileSync(join(root, name, 'config.json'), JSON.stringify(config));
}

/** A proxy that was measured with fp32 weights. */
export function makeProxy(
  model: string,
  id: string,
  measured: Pick<MeasuredEncoder, 'suggestedAlpha' | 'interval'>,
): void {
  const manifest: ProxyManifest = {
    formatVersion: 1,
    id,
    name: id,
    task: 'translation',
    metric: 'chrf',
    direction: 'higher-is-better',
    scoreRange: [0, 100],
    normalisation: 'relative',
    preconditioning: 'none',
    gate: 'none',
    gateThreshold: 0,
    steps: 1,
    mask: 'valid',
    hiddenSize: 1,
    parameters: 1,
    encoders: {
      fp32: {
        file: 'onnx/encoder_model.onnx',
        sha256: '0'.repeat(64),
        pearson: 0,
        spearman: 0,
        gain: 0,
        condition: 'test',
        ...measured,
      },
    },
    trainingData: 'none',
    seed: 0,
    versions: {},
    license: 'MIT',
  };
  writeProxy(model, id, JSON.stringify(manifest));
}

/** @param manifest text of proxy.json */
export function writeProxy(model: string, id: string, manifest: string): void {
  const folder = join(model, 'proxies', id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'proxy.json'), manifest);
}
