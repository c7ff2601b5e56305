/**
 * The result of running one file: what `--format json` writes and what the engine's events add
 * up to. The format is versioned: a reader checks `format` and `version` first; within a version
 * fields may be added, never renamed, removed or given another meaning. Documented for users in
 * docs/result-format.md.
 *
 * Units: times are seconds from the start of the file; timings are milliseconds of wall clock;
 * log-probabilities are natural logarithms.
 */

import { z } from 'zod';
import {
  deviceFallbackSchema,
  deviceRequestSchema,
  deviceSchema,
  weightsSchema,
} from './devices.ts';
import { metricDirectionSchema, proxyMetricSchema } from './proxy-metric.ts';
import { searchSchema } from './search.ts';
import { speechSchema } from './speech.ts';

export const RESULT_FORMAT = 'veer-result';
export const RESULT_VERSION = 1;

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

export const taskSchema = z.enum(['transcribe', 'translate']);
export type Task = z.infer<typeof taskSchema>;

const outputSchema = z.strictObject({
  /** Step size; 0 is the plain output. */
  alpha: z.number(),
  text: z.string(),
  /** Generated token ids, without the prompt and without the end-of-text token. */
  tokenIds: z.array(z.int().nonnegative()),
  /**
   * Metric that the proxy predicts from the encoder output this was decoded from, the step
   * included: predicted, not measured. In the units of the segment's `predictedScore`. Null without
   * a proxy, and for α other than 0 where it was not asked for.
   */
  predictedScore: z.number().nullable(),
  /** Mean log-probability of the generated tokens, the end-of-text token included. At most 0. */
  averageLogProbability: z.number().max(0),
  /** `length`: the token limit ended it, so text may be missing. */
  finishReason: z.enum(['end-of-text', 'length']),
});

/** Seconds from the start of the file. */
const timedSchema = z.strictObject({
  text: z.string(),
  start: z.number().nonnegative(),
  end: z.number().nonnegative(),
});

/** How an output came about and what was measured, where a fallback was asked for. */
const qualitySchema = z.strictObject({
  /** At which it was made; 0 is the search asked for. */
  temperature: z.number().nonnegative(),
  /** Of the random numbers; null where nothing was drawn. */
  seed: z.int().nonnegative().nullable(),
  /** Bytes of the text divided by those of the text compressed; 0 for an empty text. */
  compressionRatio: z.number().nonnegative(),
  /** That nobody speaks; null for a model without a token for it. */
  noSpeechProbability: z.number().min(0).max(1).nullable(),
  /** Taken for silence: what was decoded is not written. */
  noSpeech: z.boolean(),
});

/** What a family of models knows about an output beyond its tokens, where it was asked for. */
export const outputDetailsSchema = z.strictObject({
  /** Stretches of speech, as the model times them. */
  phrases: z.array(timedSchema).optional(),
  words: z
    .array(
      timedSchema.extend({ /** Mean over its tokens. */ probability: z.number().min(0).max(1) }),
    )
    .optional(),
  quality: qualitySchema.optional(),
});
export type OutputDetails = z.infer<typeof outputDetailsSchema>;

/** One output of the frozen decoder for one encoder input at one α. */
export const variantSchema = outputSchema.extend({
  /** The next best outputs, the best first; there where the search was asked for more than one. */
  alternatives: z.array(outputSchema.omit({ alpha: true, predictedScore: true })).optional(),
  ...outputDetailsSchema.shape,
});
export type Variant = z.infer<typeof variantSchema>;

/** One encoder input: a window of audio or a sentence, with its output for every α. */
export const segmentSchema = z.strictObject({
  /** Position in the file, from 0, without gaps. */
  index: z.int().nonnegative(),
  /** Seconds; null for text. */
  start: z.number().nonnegative().nullable(),
  end: z.number().nonnegative().nullable(),
  /** The sentence that was translated, exactly as in the file; null for audio. */
  source: z.string().nullable(),
  /** What stands after the sentence in the file (spaces, line ends), so that paragraphs are kept. */
  separator: z.string().nullable(),
  /**
   * Metric that the proxy predicts for the plain output: predicted from the encoder output, not
   * measured. WER as a fraction (0 is perfect), chrF from 0 to 100. Null without a proxy.
   */
  predictedScore: z.number().nullable(),
  /** Frobenius norm of the proxy's gradient over real positions. Null without a proxy. */
  gradientNorm: z.number().nonnegative().nullable(),
  /** One entry per α, in the order of `alphas`. */
  variants: z.array(variantSchema).min(1),
  /** The α whose output was chosen, where that was asked for. */
  chosenAlpha: z.number().optional(),
});
export type Segment = z.infer<typeof segmentSchema>;

export const timingsSchema = z.strictObject({
  /** Reading and decoding the file (audio), or segmenting it (text). */
  read: z.number().nonnegative(),
  /** Log-mel features, or tokenising. */
  features: z.number().nonnegative(),
  encode: z.number().nonnegative(),
  proxy: z.number().nonnegative(),
  decode: z.number().nonnegative(),
  /** From the start of the file to its last segment; model loading is not in it. */
  total: z.number().nonnegative(),
  /** Loading and warming the model for this request; 0 where it was loaded already. */
  load: z.number().nonnegative(),
});
export type Timings = z.infer<typeof timingsSchema>;

/** Of work that has not begun, or is not known. */
export const NO_TIMINGS: Timings = {
  read: 0,
  features: 0,
  encode: 0,
  proxy: 0,
  decode: 0,
  total: 0,
  load: 0,
};

/** Of work that was done in several goes. */
export function addTimings(a: Timings, b: Timings): Timings {
  return {
    read: a.read + b.read,
    features: a.features + b.features,
    encode: a.encode + b.encode,
    proxy: a.proxy + b.proxy,
    decode: a.decode + b.decode,
    total: a.total + b.total,
    load: a.load + b.load,
  };
}

export const modelIdentitySchema = z.strictObject({
  id: z.string().min(1),
  /** `model_type` of config.json: whisper, t5, … */
  family: z.string().min(1),
  dtype: weightsSchema,
  encoderSha256: sha256Schema,
  decoderSha256: sha256Schema,
});
export type ModelIdentity = z.infer<typeof modelIdentitySchema>;

export const proxyIdentitySchema = z.strictObject({
  id: z.string().min(1),
  sha256: sha256Schema,
  metric: proxyMetricSchema,
  direction: metricDirectionSchema,
});
export type ProxyIdentity = z.infer<typeof proxyIdentitySchema>;

export const deviceUseSchema = z.strictObject({
  requested: deviceRequestSchema,
  used: deviceSchema,
  fallbacks: z.array(deviceFallbackSchema),
  /** Why this one, for people; there where `auto` was asked for. */
  reason: z.string().min(1).optional(),
});
export type DeviceUse = z.infer<typeof deviceUseSchema>;

export const resultSchema = z.strictObject({
  format: z.literal(RESULT_FORMAT),
  version: z.literal(RESULT_VERSION),
  task: taskSchema,
  source: z.strictObject({
    /** Name of the file as given, or `-` for standard input. */
    path: z.string().min(1),
    /** Seconds of audio; null for text. */
    duration: z.number().nonnegative().nullable(),
    /** What stands before the first sentence of a text (white space, a list marker); null for audio. */
    leading: z.string().nullable(),
  }),
  /** BCP 47 tag of the output where known. */
  language: z.string().nullable(),
  /** BCP 47 tag of what was spoken or written in the file, where known: asked for, the model's, or detected. */
  sourceLanguage: z.string().nullable(),
  /** Of the language that was detected; left out where none was. */
  languageProbability: z.number().min(0).max(1).optional(),
  model: modelIdentitySchema,
  proxy: proxyIdentitySchema.nullable(),
  device: deviceUseSchema,
  threads: z.int().positive().nullable(),
  alphas: z.array(z.number()).min(1),
  /** How the outputs were looked for. */
  search: searchSchema,
  /** How a recording was written down; left out where nothing was asked for. */
  speech: speechSchema.optional(),
  segments: z.array(segmentSchema),
  /** Milliseconds. */
  timings: timingsSchema,
});
export type Result = z.infer<typeof resultSchema>;
