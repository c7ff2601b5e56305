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
import { tinyGraph } from './tiny-graph.ts';

const DESCRIPTIONS: Readonly<Record<Device, string>> = {
  cpu: 'Central processor',
  webgpu: 'Graphics processor through Vulkan, Direct3D 12 or Metal',
  cuda: 'NVIDIA graphics processor through CUDA',
  dml: 'Graphics processor through DirectML',
  coreml: 'Apple processors through Core ML',
};
const DEVICES: readonly Device[] = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'];

/**
 * The devices to try for a request, best first. The CPU is always last, so that a run is never
 * lost to a missing driver. `auto` is the CPU: it takes another device only where that was
 * measured to be faster, and none has been yet (docs/decisions/006-devices.md).
 */
function candidateDevices(request: DeviceRequest): readonly Device[] {
  return request === 'auto' || request === 'cpu' ? ['cpu'] : [request, 'cpu'];
}

/** Why a device cannot be used here at all, for people; null where it is worth a try. */
async function reasonUnavailable(device: Device): Promise<string | null> {
  if (!listSupportedBackends().some((backend) => backend.name === device)) {
    return `ONNX Runtime for ${process.platform} ${process.arch} does not include ${device}.`;
  }
  try {
    const session = await createSession(tinyGraph(), device, null);
    await session.release();
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
  return message;
}

/** Tries every device and says what came of it. */
export async function probeDevices(): Promise<DeviceInfo[]> {
  const infos: DeviceInfo[] = [];
  for (const device of DEVICES) {
    const reason = await reasonUnavailable(device);
    const available = reason === null;
    infos.push({ device, available, detail: reason ?? DESCRIPTIONS[device] });
  }
  return infos;
}

/**
 * Loads on the first device that works and says which devices were passed over, and why.
 *
 * @param load makes whatever is wanted on the device; it must leave nothing behind when it throws
 * @throws the error of `load` on the CPU, which is the last to be tried
 */
export async function loadOnDevice<T>(
  requested: DeviceRequest,
  load: (device: Device) => Promise<T>,
): Promise<{ readonly value: T; readonly device: DeviceUse }> {
  const fallbacks: DeviceFallback[] = [];
  for (const device of candidateDevices(requested)) {
    if (device === 'cpu') {
      return { value: await load(device), device: { requested, used: device, fallbacks } };
    }
    const reason = await reasonUnavailable(device);
    if (reason !== null) {
      fallbacks.push({ device, reason });
      continue;
    }
    try {
      return { value: await load(device), device: { requested, used: device, fallbacks } };
    } catch (cause) {
      fallbacks.push({ device, reason: plainReason(device, causeMessage(cause)) });
    }
  }
  throw new Error('unreachable: the CPU is always a candidate');
}
