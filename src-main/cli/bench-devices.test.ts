import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MODELS_DIRECTORY, RECOGNISERS, TRANSLATORS } from '../../e2e/dev-inputs.ts';
import type { Device, DeviceMeasurement } from '../contract/devices.ts';
import type { DeviceTrial, DeviceTrialResult } from '../contract/engine-contract.ts';
import { VeerError } from '../contract/errors.ts';
import { type BenchContext, type BenchFlags, benchDevices } from './bench-devices.ts';

const TIMES = {
  encoderSha256: 'a'.repeat(64),
  decoderSha256: 'b'.repeat(64),
  adapter: 'linux x64',
  runtime: '1.30.0',
  encode: 10,
  decode: 20.04,
};
const IDS = [[4, 5], [6]];

/** What each device gives: ids, or what goes wrong. */
type Script = Partial<Record<Device, readonly (readonly number[])[] | VeerError>>;

async function bench(script: Script, flags: BenchFlags = { model: TRANSLATORS[1] }) {
  const trials: DeviceTrial[] = [];
  const stored: DeviceMeasurement[] = [];
  let printed = '';
  const context: BenchContext = {
    engine: {
      devices: async () =>
        (['cpu', 'webgpu', 'cuda'] as const).map((device) => {
          const available = device in script;
          return { device, available, detail: available ? 'It is there.' : 'No adapter.' };
        }),
      measureDevice: async (trial): Promise<DeviceTrialResult> => {
        trials.push(trial);
        const given = script[trial.device] ?? [];
        if (given instanceof VeerError) throw given;
        return { ...TIMES, device: trial.device, tokenIds: given.map((ids) => [...ids]) };
      },
    },
    print: (text) => {
      printed += text;
    },
    signal: new AbortController().signal,
    store: async (measured) => {
      stored.push(...measured);
    },
  };
  await benchDevices(flags, [MODELS_DIRECTORY], context);
  return { trials, stored, printed };
}

test('measures the CPU first, then every device that is there, and stores what came of it', async () => {
  const { trials, stored, printed } = await bench({ cpu: IDS, webgpu: IDS });
  expect(trials.map(({ device }) => device)).toEqual(['cpu', 'webgpu']);
  expect(trials[0]?.modelDirectory).toBe(join(MODELS_DIRECTORY, TRANSLATORS[1]));
  expect(stored).toEqual([
    { ...TIMES, device: 'cpu', agrees: true },
    { ...TIMES, device: 'webgpu', agrees: true },
  ]);
  expect(printed).toMatch(/^ {2}webgpu +30\.0 ms +10\.0 ms +20\.0 ms$/m);
  expect(printed).toMatch(/^ {2}cuda +not measured: No adapter\.$/m);
});

test('what writes something else than the CPU is marked, and stored as such', async () => {
  const { stored, printed } = await bench({ cpu: IDS, webgpu: [[4, 5], [7]] });
  expect(stored.map(({ agrees }) => agrees)).toEqual([true, false]);
  expect(printed).toMatch(/webgpu.*another output than the CPU/);
});

test('a device that stops the engine is named, and the next one is measured', async () => {
  const crash = new VeerError('ENGINE_CRASHED', 'The engine process stopped unexpectedly.');
  const { stored, printed } = await bench({ cpu: IDS, webgpu: crash, cuda: IDS });
  expect(stored.map(({ device }) => device)).toEqual(['cpu', 'cuda']);
  expect(printed).toContain('webgpu  not measured: The engine process stopped unexpectedly.');
});

test('what the CPU cannot do is an error', async () => {
  const broken = new VeerError('MODEL_FILE_DAMAGED', 'It is cut short.');
  await expect(bench({ cpu: broken, webgpu: IDS })).rejects.toBe(broken);
});

test('without a name the model of each task is measured', async () => {
  const { trials } = await bench({ cpu: IDS }, {});
  const folders = [RECOGNISERS[0], TRANSLATORS[0]].map((id) => join(MODELS_DIRECTORY, id));
  expect(trials.map(({ modelDirectory }) => modelDirectory)).toEqual(folders);
});
