/** The models and proxies that are there, as screens see them: no paths. */

import { z } from 'zod';
import { dtypeSchema, weightsSchema } from './devices.ts';
import { idSchema } from './jobs.ts';
import { convertingSchema, recognisedSchema } from './model-import.ts';
import { metricDirectionSchema, proxyMetricSchema } from './proxy-metric.ts';
import { taskSchema } from './result.ts';

const listedProxySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  metric: proxyMetricSchema,
  direction: metricDirectionSchema,
  /** Per dtype it was measured with. */
  measured: z.partialRecord(
    dtypeSchema,
    z.strictObject({
      suggestedAlpha: z.number().nonnegative(),
      /** Metric points at `suggestedAlpha` in the good direction, with its 95 % interval. */
      gain: z.number(),
      interval: z.tuple([z.number(), z.number()]),
      /** Both ends of the interval are above 0. */
      proven: z.boolean(),
      condition: z.string(),
    }),
  ),
});
export type ListedProxy = z.infer<typeof listedProxySchema>;

const listedModelSchema = z.strictObject({
  id: z.string(),
  /** Bundled ones come with the program and cannot be removed. */
  origin: z.enum(['bundled', 'imported']),
  family: z.string(),
  task: taskSchema,
  /** Pairs of encoder and decoder only where no dtype has both. */
  dtypes: z.array(weightsSchema),
  /** Bytes on the disk, proxies included. */
  bytes: z.int().nonnegative(),
  directions: z.array(z.strictObject({ source: z.string(), target: z.string() })),
  /**
   * Languages that it can be told to read, for a model that writes all of them from each. Its
   * `directions` are those from the one that it reads where nothing is said. Else empty.
   */
  sources: z.array(z.string()),
  /** What was made up for a file that the folder lacks; for people. */
  notes: z.array(z.string()),
  proxies: z.array(listedProxySchema),
  /** Problems of proxies that cannot be used, for people. */
  brokenProxies: z.array(z.strictObject({ id: z.string(), problem: z.string() })),
});
export type ListedModel = z.infer<typeof listedModelSchema>;

export const modelListSchema = z.strictObject({
  models: z.array(listedModelSchema),
  broken: z.array(z.strictObject({ id: z.string(), problem: z.string() })),
});
export type ModelList = z.infer<typeof modelListSchema>;

export const importedFileSchema = z.strictObject({
  /** Within the model's folder, with `/` between names: `onnx/encoder_model.onnx`. */
  path: z.string().regex(/^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^/\\\0]+(?:\/[^/\\\0]+)*$/),
  grantId: idSchema,
});
export type ImportedFile = z.infer<typeof importedFileSchema>;

/** Any number of `copying`; of weights `recognised` and `converting`; `checking`; then one `done`. */
export const importEventSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('copying'),
    /** Bytes. */
    done: z.int().nonnegative(),
    total: z.int().nonnegative(),
  }),
  recognisedSchema,
  convertingSchema,
  /** The engine tries the model. */
  z.strictObject({ type: z.literal('checking'), dtype: weightsSchema }),
  z.strictObject({ type: z.literal('done'), model: listedModelSchema }),
]);
export type ImportEvent = z.infer<typeof importEventSchema>;
