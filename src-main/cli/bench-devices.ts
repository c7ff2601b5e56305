/**
 * `veer devices --bench`: every device that can be used runs the same work on a model; the times are
 * printed, and remembered for `auto`. A device that stops the engine, or writes something else than
 * the CPU, is named and never chosen.
 */

import type { DeviceMeasurement, Weights } from '../contract/devices.ts';
import type { DeviceInfo, DeviceTrial, DeviceTrialResult } from '../contract/engine-contract.ts';
import { throwIfCancelled, VeerError } from '../contract/errors.ts';
import { taskSchema } from '../contract/result.ts';
import type { EngineClient } from '../engine-client/engine-client.ts';
import { findModel } from '../model-store/find-model.ts';
import type { ModelEntry } from '../model-store/list-models.ts';
import { printable } from './terminal.ts';

export interface BenchFlags {
  readonly model?: string;
  readonly dtype?: Weights;
  readonly language?: string;
}

export interface BenchContext {
  readonly engine: Pick<EngineClient, 'devices' | 'measureDevice'>;
  readonly print: (text: string) => void;
  readonly signal: AbortSignal;
  readonly store: (measured: readonly DeviceMeasurement[]) => Promise<void>;
}

type Attempt =
  | { readonly device: DeviceInfo['device']; readonly measured: DeviceMeasurement }
  | { readonly device: DeviceInfo['device']; readonly problem: string };

/**
 * @throws VeerError as `findModel`; of the engine where the CPU cannot do it; CANCELLED,
 *   OUTPUT_NOT_WRITABLE
 */
export async function benchDevices(
  flags: BenchFlags,
  modelDirectories: readonly string[],
  context: BenchContext,
): Promise<void> {
  const devices = await context.engine.devices();
  for (const model of await modelsToMeasure(flags, modelDirectories)) {
    const attempts = await measureAll(model, devices, flags, context);
    await context.store(attempts.flatMap((one) => ('measured' in one ? [one.measured] : [])));
    context.print(benchReport(model.id, attempts));
  }
}

/** The model named, or the one that each task takes by itself. */
async function modelsToMeasure(
  { model }: BenchFlags,
  directories: readonly string[],
): Promise<readonly ModelEntry[]> {
  if (model !== undefined) return [await findModel(directories, model, null)];
  const found = await Promise.allSettled(
    taskSchema.options.map((task) => findModel(directories, null, task)),
  );
  const models = found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (models.length > 0) return models;
  throw found.find((one) => one.status === 'rejected')?.reason;
}

async function measureAll(
  { directory }: ModelEntry,
  devices: readonly DeviceInfo[],
  flags: BenchFlags,
  { engine, signal }: BenchContext,
): Promise<readonly Attempt[]> {
  const trial = {
    modelDirectory: directory,
    dtype: flags.dtype ?? null,
    language: flags.language ?? null,
    threads: null,
  };
  const measure = (device: DeviceTrial['device']) => {
    throwIfCancelled(signal);
    return engine.measureDevice({ ...trial, device }, signal);
  };
  // What it writes there is what the others are held against.
  const cpu = await measure('cpu');
  const attempts: Attempt[] = [{ device: 'cpu', measured: measurementOf(cpu, cpu) }];
  for (const { device, available, detail } of devices) {
    if (device === 'cpu') continue;
    if (!available) {
      attempts.push({ device, problem: detail });
      continue;
    }
    try {
      attempts.push({ device, measured: measurementOf(await measure(device), cpu) });
    } catch (error) {
      if (!(error instanceof VeerError) || error.code === 'CANCELLED') throw error;
      attempts.push({ device, problem: error.message });
    }
  }
  return attempts;
}

function measurementOf(
  { tokenIds, ...measured }: DeviceTrialResult,
  cpu: DeviceTrialResult,
): DeviceMeasurement {
  return { ...measured, agrees: JSON.stringify(tokenIds) === JSON.stringify(cpu.tokenIds) };
}

function benchReport(modelId: string, attempts: readonly Attempt[]): string {
  const lines = attempts.map((attempt) => {
    const name = attempt.device.padEnd(8);
    if ('problem' in attempt) return `  ${name}not measured: ${printable(attempt.problem)}`;
    const { encode, decode, agrees } = attempt.measured;
    const times = [encode, decode, encode + decode].map((time) => `${time.toFixed(1)} ms`);
    const [encoding, decoding, total] = times.map((time) => time.padStart(11));
    const note = agrees ? '' : '  another output than the CPU: not chosen by auto';
    return `  ${name}${total}${encoding}${decoding}${note}`;
  });
  const heads = ['together', 'encode', 'decode'].map((title) => title.padStart(11)).join('');
  return `${[printable(modelId), `  ${'device'.padEnd(8)}${heads}`, ...lines].join('\n')}\n`;
}
