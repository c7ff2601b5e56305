/** What graphs run on here, for records of measurements. */

import { env } from 'onnxruntime-node';

export function runtimeVersions(): Readonly<Record<string, string>> {
  return { onnxruntime: env.versions.node ?? env.versions.common, node: process.versions.node };
}
