/** Measuring the devices, and what a run makes of it. */

import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { resultSchema } from '../../src-main/contract/result.ts';
import { readMeasurements } from '../../src-main/settings/device-measurements.ts';
import { TRANSLATORS } from '../dev-inputs.ts';
import { TestFolder, veer } from './test-veer.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());

test('what --bench measures is remembered, and runs look at it', async () => {
  const text = folder.write('short.txt', 'Hello.\n');
  const settings = { dataHome: join(folder.path, 'data') };
  const model = ['--model', TRANSLATORS[1]];
  const bench = await veer(['devices', '--bench', ...model], settings);
  expect(bench).toMatchObject({ code: 0, stderr: '' });
  expect(bench.stdout).toMatch(/^starter-mt-en-de-s\n/);
  expect(bench.stdout).toMatch(/^ {2}cpu +\d+\.\d ms +\d+\.\d ms +\d+\.\d ms$/m);
  const path = join(settings.dataHome, 'veer', 'device-measurements.json');
  const measured = await readMeasurements(path);
  expect(measured.map(({ device }) => device)).toContain('cpu');
  const run = await veer(['translate', text, ...model, '--format', 'json'], settings);
  const { device, model: identity } = resultSchema.parse(JSON.parse(run.stdout));
  expect(device.requested).toBe('auto');
  expect(device.reason).toMatch(/measured on this model/);
  expect(measured[0]).toMatchObject({
    encoderSha256: identity.encoderSha256,
    decoderSha256: identity.decoderSha256,
  });
});

test('--bench says which model is not there', async () => {
  const outcome = await veer(['devices', '--bench', '--model', 'nothing']);
  expect(outcome.code).toBe(2);
  expect(outcome.stderr).toContain('MODEL_NOT_FOUND');
});
