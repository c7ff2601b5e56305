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

/** Weights of a model: one dtype, or those of its encoder and its decoder as `fp32+int8`. */
export const weightsSchema = z.union([
  dtypeSchema,
  z.templateLiteral([dtypeSchema, '+', dtypeSchema]),
]);
export type Weights = z.infer<typeof weightsSchema>;

/** A device that was tried and not used, with the reason for people. */
export const deviceFallbackSchema = z.strictObject({
  device: deviceSchema,
  reason: z.string().min(1),
});
export type DeviceFallback = z.infer<typeof deviceFallbackSchema>;

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
const milliseconds = z.number().nonnegative();

/**
 * How long a device took for the fixed work of `veer devices --bench` on a model. Holds for exactly
 * these weights, this adapter and this version of ONNX Runtime.
 */
export const deviceMeasurementSchema = z.strictObject({
  encoderSha256: sha256Schema,
  decoderSha256: sha256Schema,
  device: deviceSchema,
  /** Graphics hardware and driver, as far as the system names them. */
  adapter: z.string(),
  /** Version of ONNX Runtime. */
  runtime: z.string(),
  encode: milliseconds,
  decode: milliseconds,
  /** Whether it wrote the tokens that the CPU writes. */
  agrees: z.boolean(),
});
export type DeviceMeasurement = z.infer<typeof deviceMeasurementSchema>;
