/**
 * Which execution providers this machine can use, and loading on the best of them. ONNX Runtime
 * says which ones this build knows; a known one may still lack its files, driver or adapter,
 * which only making a session tells.
 */

import { listSupportedBackends } from 'onnxruntime-node';
import type { Device, DeviceFallback, DeviceRequest } from '../../contract/devices.ts';
import type { DeviceInfo } from '../../contract/engine-contract.ts';
import { causeMessage } from '../../contract/errors.ts';
import type { DeviceUse } from '../../contract/result.ts';
import { createSession } from './create-session.ts';
import { castFloat, type FloatType, floatTensor } from './tensor.ts';
import { tinyGraph } from './tiny-graph.ts';

const DESCRIPTIONS: Readonly<Record<Device, string>> = {
  cpu: 'Central processor',
  webgpu: 'Graphics processor through Vulkan, Direct3D 12 or Metal',
  cuda: 'NVIDIA graphics processor through CUDA',
  dml: 'Graphics processor through DirectML',
  coreml: 'Apple processors through Core ML',
};
const DEVICES: readonly Device[] = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'];

/** Why a device cannot be used here at all, for people; null where it is worth a try. */
async function reasonUnavailable(device: Device, type: FloatType): Promise<string | null> {
  if (!listSupportedBackends().some((backend) => backend.name === device)) {
    return `ONNX Runtime for ${process.platform} ${process.arch} does not include ${device}.`;
  }
  try {
    const session = await createSession(tinyGraph(type), device, null);
    try {
      // Some adapters have no half precision, which shows when a shader is made.
      const x = castFloat(floatTensor(Float32Array.of(1), [1]), type);
      if (type === 'float16') await session.run({ x });
    } finally {
      await session.release();
    }
    return null;
  } catch (cause) {
    return plainReason(device, causeMessage(cause));
  }
}

function plainReason(device: Device, message: string): string {
  if (device === 'webgpu' && message.includes('adapter')) {
    return 'No graphics adapter was found that WebGPU can use.';
  }
  if (device === 'cuda' && message.includes('shared library')) {
    return 'The CUDA files of ONNX Runtime are not installed (see "GPU" in the README).';
  }
  if (message.includes('requires f16')) {
    return 'The graphics adapter cannot compute in half precision. Use another --dtype.';
  }
  return message;
}

/** Tries every device and says what came of it. */
export async function probeDevices(): Promise<DeviceInfo[]> {
  const infos: DeviceInfo[] = [];
  for (const device of DEVICES) {
    const reason = await reasonUnavailable(device, 'float32');
    const available = reason === null;
    infos.push({ device, available, detail: reason ?? DESCRIPTIONS[device] });
  }
  return infos;
}

/** Which devices to try, best first. */
export interface DeviceChoice {
  /** The CPU is tried after them, so that a run is never lost to a missing driver. */
  readonly devices: readonly Device[];
  /** Why, for people; null where it was asked for by name. */
  readonly reason: string | null;
}

/**
 * Loads on the first device that works and says which devices were passed over, and why.
 *
 * @param type what the model computes in
 * @param load makes whatever is wanted on the device; it must leave nothing behind when it throws
 * @throws the error of `load` on the CPU, which is the last to be tried
 */
export async function loadOnDevice<T>(
  requested: DeviceRequest,
  { devices, reason }: DeviceChoice,
  type: FloatType,
  load: (device: Device) => Promise<T>,
): Promise<{ readonly value: T; readonly device: DeviceUse }> {
  const fallbacks: DeviceFallback[] = [];
  for (const device of devices) {
    if (device === 'cpu') break;
    const unavailable = await reasonUnavailable(device, type);
    if (unavailable !== null) {
      fallbacks.push({ device, reason: unavailable });
      continue;
    }
    try {
      const value = await load(device);
      return { value, device: { requested, used: device, fallbacks, ...(reason && { reason }) } };
    } catch (cause) {
      fallbacks.push({ device, reason: plainReason(device, causeMessage(cause)) });
    }
  }
  const why = fallbacks.length === 0 && reason ? { reason } : {};
  return { value: await load('cpu'), device: { requested, used: 'cpu', fallbacks, ...why } };
}
