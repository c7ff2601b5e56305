import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeviceMeasurement } from '../contract/devices.ts';
import { readMeasurements, storeMeasurements } from './device-measurements.ts';

const CPU: DeviceMeasurement = {
  encoderSha256: 'a'.repeat(64),
  decoderSha256: 'b'.repeat(64),
  device: 'cpu',
  adapter: 'linux x64',
  runtime: '1.30.0',
  encode: 10,
  decode: 20,
  agrees: true,
};
const WEBGPU: DeviceMeasurement = { ...CPU, device: 'webgpu', encode: 1, decode: 5 };

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veer-measurements-'));
  path = join(folder, 'new', 'device-measurements.json');
});
afterEach(() => rm(folder, { recursive: true }));

test('gives back what was stored, and leaves no temporary file', async () => {
  expect(await readMeasurements(path)).toEqual([]);
  await storeMeasurements(path, [CPU, WEBGPU]);
  expect(await readMeasurements(path)).toEqual([CPU, WEBGPU]);
  expect(await readdir(join(folder, 'new'))).toEqual(['device-measurements.json']);
});

test('a newer measurement takes the place of the older one of the same model and surroundings', async () => {
  await storeMeasurements(path, [CPU, WEBGPU]);
  const faster = { ...WEBGPU, decode: 4 };
  const updated = { ...WEBGPU, runtime: '1.31.0' };
  const otherModel = { ...WEBGPU, encoderSha256: 'c'.repeat(64) };
  await storeMeasurements(path, [faster, updated, otherModel]);
  expect(await readMeasurements(path)).toEqual([CPU, faster, updated, otherModel]);
});

test.each([
  ['damaged', '{"format":"veer-device-meas'],
  ['of another program', '{"measurements":[]}'],
  ['of a later version', '{"format":"veer-device-measurements","version":2,"measurements":[]}'],
  ['with an entry that breaks the schema', JSON.stringify({ ...fileOf(), measurements: [{}] })],
])('a file that is %s counts as none and is written anew', async (_, text) => {
  await storeMeasurements(path, [CPU]);
  await writeFile(path, text);
  expect(await readMeasurements(path)).toEqual([]);
  await storeMeasurements(path, [WEBGPU]);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
    ...fileOf(),
    measurements: [WEBGPU],
  });
});

function fileOf() {
  return { format: 'veer-device-measurements', version: 1 };
}

test('where it cannot be written, that is said', async () => {
  await writeFile(join(folder, 'new'), '');
  await expect(storeMeasurements(path, [CPU])).rejects.toMatchObject({
    code: 'OUTPUT_NOT_WRITABLE',
  });
});
