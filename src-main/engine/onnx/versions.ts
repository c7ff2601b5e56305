/** What graphs run on here, for records of measurements. */

import { env } from 'onnxruntime-node';

/** Of ONNX Runtime. */
export function runtimeVersion(): string {
  return env.versions.node ?? env.versions.common;
}

export function runtimeVersions(): Readonly<Record<string, string>> {
  return { onnxruntime: runtimeVersion(), node: process.versions.node };
}
