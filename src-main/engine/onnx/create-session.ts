/** The one place that makes ONNX Runtime sessions, with the options that hold for all of them. */

import { env, InferenceSession } from 'onnxruntime-node';
import type { Device } from '../../contract/devices.ts';
import { multipliesExactly } from './exact-products.ts';

// Failures reach the caller as errors; the library's own log lines would only disturb the terminal.
env.logLevel = 'fatal';

export type OutputPlace = 'cpu' | 'device';

/** Whether outputs can stay on the device between two runs: from Node on WebGPU only. */
export function keepsOutputs(device: Device): boolean {
  return device === 'webgpu';
}

/**
 * Opens a graph on exactly one device, without silent fallback to another.
 *
 * @param source path of an .onnx file, or its bytes
 * @param threads threads of one operator on the CPU; null leaves the choice to ONNX Runtime
 * @param outputs where they are left. `device`: there, where `keepsOutputs`; then every run must ask
 *   for the same ones, since what was bound once stays bound.
 * @param exactProducts of 8-bit numbers, whatever the processor: costs a trial in the first session that asks
 * @throws the library's own error; callers name it
 */
export async function createSession(
  source: string | Uint8Array,
  device: Device,
  threads: number | null,
  outputs: OutputPlace = 'cpu',
  exactProducts = false,
): Promise<InferenceSession> {
  const slowWay = exactProducts && device === 'cpu' && !(await multipliesExactly());
  const options: InferenceSession.SessionOptions = {
    executionProviders: [device],
    logSeverityLevel: 4,
    // Encoder, proxy and decoder have a thread pool each. Threads that spin after a run take the
    // cores from the next graph: without this a plain run takes about a third longer.
    // Where the fast way of a processor cuts off large sums. Elsewhere the other way gives the same bits, and
    // takes a third longer.
    extra: { session: { force_spinning_stop: '1', x64quantprecision: slowWay ? '1' : '0' } },
    ...(threads === null ? {} : { intraOpNumThreads: threads }),
    ...(outputs === 'device' && keepsOutputs(device) && { preferredOutputLocation: 'gpu-buffer' }),
  };
  return typeof source === 'string'
    ? InferenceSession.create(source, options)
    : InferenceSession.create(source, options);
}
