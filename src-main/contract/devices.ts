/** Where a model may run, and in which number format its weights are stored. */

import { z } from 'zod';

/** What a person can ask for. `auto` is resolved by the engine. */
export const DEVICE_REQUESTS = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export const deviceRequestSchema = z.enum(DEVICE_REQUESTS);
export type DeviceRequest = z.infer<typeof deviceRequestSchema>;

/** What a session really runs on: an ONNX Runtime execution provider. */
export const deviceSchema = z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']);
export type Device = z.infer<typeof deviceSchema>;

/** Weight formats, named as the files of the Hugging Face Hub name them (`fp32` has no suffix). */
export const DTYPES = [
  'fp32',
  'fp16',
  'int8',
  'uint8',
  'quantized',
  'q4',
  'q4f16',
  'bnb4',
] as const;
export const dtypeSchema = z.enum(DTYPES);
export type Dtype = z.infer<typeof dtypeSchema>;

/** A device that was tried and not used, with the reason for people. */
export const deviceFallbackSchema = z.strictObject({
  device: deviceSchema,
  reason: z.string().min(1),
});
export type DeviceFallback = z.infer<typeof deviceFallbackSchema>;
