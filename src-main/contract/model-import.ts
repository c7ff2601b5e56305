/** Making a model folder of what a person has: the formats, the dtypes, and what the engine reports. */

import { z } from 'zod';
import { type Dtype, dtypeSchema } from './devices.ts';

/** What an import recognises. `onnx` is kept as it is; of the others graphs are made. */
const SOURCE_FORMATS = ['onnx', 'safetensors', 'ctranslate2', 'argos', 'ggml', 'marian'] as const;
const sourceFormatSchema = z.enum(SOURCE_FORMATS);
export type SourceFormat = z.infer<typeof sourceFormatSchema>;

/** The dtypes that graphs are made in. */
export const MADE_DTYPES = ['fp32', 'fp16', 'int8', 'q4'] as const satisfies readonly Dtype[];
const madeDtypeSchema = dtypeSchema.extract(MADE_DTYPES);
export type MadeDtype = z.infer<typeof madeDtypeSchema>;

/** Made where a person asks for none in particular. */
export const USUAL_DTYPES: readonly MadeDtype[] = ['int8', 'fp16'];

/** Names of models: of a folder, on every system. */
export const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** `import.json` of a folder that was made by an import. */
export const IMPORT_RECORD_FILE = 'import.json';

export const importRecordSchema = z.object({
  formatVersion: z.literal(1),
  sourceFormat: sourceFormatSchema,
  /** Weights that were read; names within what was imported. */
  sourceFiles: z.array(
    z.object({
      name: z.string().min(1),
      bytes: z.int().nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
  /** Of Veer. */
  version: z.string(),
  dtypes: z.array(dtypeSchema),
  /** What was derived because no file says it; for people. */
  notes: z.array(z.string()),
});
export type ImportRecord = z.infer<typeof importRecordSchema>;

export const convertModelInputSchema = z.strictObject({
  /** Files and folders that are one model together; links are followed. */
  paths: z.array(z.string().min(1)).min(1).max(1000),
  /** An empty folder for what is unpacked; whoever gives it deletes it. */
  workDirectory: z.string().min(1),
  /** The empty folder that becomes the model; its name is the model's. */
  directory: z.string().min(1),
  /** Null: the usual ones, or for a folder with graphs all that it has. */
  dtypes: z.array(dtypeSchema).min(1).nullable(),
  /** Of Veer, for the record. */
  version: z.string(),
});
export type ConvertModelInput = z.infer<typeof convertModelInputSchema>;

/** What is known before anything is written. */
export const recognisedSchema = z.strictObject({
  type: z.literal('recognised'),
  format: sourceFormatSchema,
  family: z.string(),
  dtypes: z.array(dtypeSchema),
  /** Bytes of what is read. */
  sourceBytes: z.int().nonnegative(),
  /** Bytes that will be written. */
  bytes: z.int().nonnegative(),
});

/** Bytes of all that is to be done; never goes backward within a stage. */
export const convertingSchema = z.strictObject({
  type: z.literal('converting'),
  /** Null while files are unpacked, copied or hashed. */
  dtype: dtypeSchema.nullable(),
  done: z.number().nonnegative(),
  total: z.number().nonnegative(),
});

/** `converting` for an archive, one `recognised`, any number of `converting`, one `converted`. */
export const convertEventSchema = z.discriminatedUnion('type', [
  recognisedSchema,
  convertingSchema,
  z.strictObject({ type: z.literal('converted'), notes: z.array(z.string()) }),
]);
export type ConvertEvent = z.infer<typeof convertEventSchema>;
