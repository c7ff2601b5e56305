import { expect, test } from 'vitest';
import type { DeviceMeasurement } from '../../contract/devices.ts';
import { chooseDevice, measurementsOf } from './choose-device.ts';

const HERE = {
  encoderSha256: 'a'.repeat(64),
  decoderSha256: 'b'.repeat(64),
  adapter: 'linux x64, 10de:2335',
  runtime: '1.30.0',
};
const CPU: DeviceMeasurement = { ...HERE, device: 'cpu', encode: 10, decode: 20, agrees: true };
const WEBGPU: DeviceMeasurement = { ...CPU, device: 'webgpu', encode: 2, decode: 6 };
const CUDA: DeviceMeasurement = { ...CPU, device: 'cuda', encode: 1, decode: 8 };

test('a device that was asked for by name is taken, whatever was measured', () => {
  expect(chooseDevice('cuda', [CPU, WEBGPU])).toEqual({ devices: ['cuda'], reason: null });
  expect(chooseDevice('cpu', [CPU, WEBGPU])).toEqual({ devices: ['cpu'], reason: null });
});

test('auto takes the fastest that was measured on the model', () => {
  expect(chooseDevice('auto', [CPU, CUDA, WEBGPU])).toEqual({
    devices: ['webgpu'],
    reason: 'The fastest that was measured on this model: cuda 9 ms, webgpu 8 ms, cpu 30 ms.',
  });
});

test('auto takes no device that wrote something else than the CPU', () => {
  const wrong = { ...WEBGPU, agrees: false };
  expect(chooseDevice('auto', [CPU, wrong]).devices).toEqual([]);
  expect(chooseDevice('auto', [CPU, wrong, CUDA]).devices).toEqual(['cuda']);
  expect(chooseDevice('auto', [CPU, wrong]).reason).toContain('with another output');
});

test('auto is the CPU where that is the fastest', () => {
  const slow = { ...WEBGPU, decode: 40 };
  expect(chooseDevice('auto', [CPU, slow])).toEqual({
    devices: [],
    reason: 'No faster device was measured on this model: webgpu 42 ms, cpu 30 ms.',
  });
});

test.each([
  ['other weights of the encoder', { encoderSha256: 'c'.repeat(64) }],
  ['other weights of the decoder', { decoderSha256: 'c'.repeat(64) }],
  ['another adapter', { adapter: 'linux x64, 1002:744c' }],
  ['another version of ONNX Runtime', { runtime: '1.31.0' }],
])('what was measured with %s does not count', (_, other) => {
  const measured = [CPU, WEBGPU].map((one) => ({ ...one, ...other }));
  expect(measurementsOf([CPU, WEBGPU], HERE)).toEqual([CPU, WEBGPU]);
  const { devices, reason } = chooseDevice('auto', measurementsOf(measured, HERE));
  expect(devices).toEqual([]);
  expect(reason).toContain('veer devices --bench');
});
