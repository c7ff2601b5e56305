/** Columns that hold JSON are checked against the contract when they are read. */

import { z } from 'zod';
import {
  type JobError,
  jobErrorSchema,
  jobWorkSchema,
  runSettingsSchema,
} from '../contract/jobs.ts';
import {
  deviceUseSchema,
  modelIdentitySchema,
  type OutputDetails,
  outputDetailsSchema,
  proxyIdentitySchema,
  type Timings,
  timingsSchema,
} from '../contract/result.ts';
import { damaged } from './database-errors.ts';

const runFactsSchema = z.strictObject({
  model: modelIdentitySchema,
  proxy: proxyIdentitySchema.nullable(),
  device: deviceUseSchema,
  threads: z.int().positive().nullable(),
  language: z.string().nullable(),
  sourceLanguage: z.string().nullable(),
  leading: z.string().nullable(),
});
export type StoredRunFacts = z.infer<typeof runFactsSchema>;

export const readWork = reader(jobWorkSchema);
export const readSettings = reader(runSettingsSchema);
export const readFacts = nullableReader(runFactsSchema);
export const readTimings = nullableReader<Timings>(timingsSchema);
export const readDetails = nullableReader<OutputDetails>(outputDetailsSchema);
export const readError = nullableReader<JobError>(jobErrorSchema);

function reader<T>(schema: z.ZodType<T>): (json: string) => T {
  return (json) => {
    try {
      return schema.parse(JSON.parse(json));
    } catch (cause) {
      throw damaged(cause);
    }
  };
}

function nullableReader<T>(schema: z.ZodType<T>): (json: string | null) => T | null {
  const read = reader(schema);
  return (json) => (json === null ? null : read(json));
}
