/**
 * What the engine process offers. Inputs are validated here, at the boundary; results come as
 * event streams; failures cross it with their stable code (errors.ts). Cancelling is the caller's
 * AbortSignal. Paths in this contract come from composition roots that already hold the right to
 * read them; it is never exposed to a renderer.
 */

import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import {
  deviceMeasurementSchema,
  deviceRequestSchema,
  deviceSchema,
  weightsSchema,
} from './devices.ts';
import { VeerError } from './errors.ts';
import { convertEventSchema, convertModelInputSchema } from './model-import.ts';
import {
  evaluateProxyInputSchema,
  evaluationEventSchema,
  trainingEventSchema,
  trainProxyInputSchema,
} from './proxy-training.ts';
import {
  deviceUseSchema,
  modelIdentitySchema,
  proxyIdentitySchema,
  segmentSchema,
  timingsSchema,
} from './result.ts';
import { searchSchema } from './search.ts';
import { speechSchema } from './speech.ts';

/** Each α is a row of the decoder batch for every input. */
export const MOST_ALPHAS = 64;

/**
 * Requests for the same model and options that are worth asking for at once: as many as a batch of the
 * engine holds, and as many again, so that the next one can be filled at once.
 */
export const REQUESTS_AT_ONCE = 16;

const runOptionsSchema = z.object({
  /** Folder of the model. */
  modelDirectory: z.string().min(1),
  /** Folder of the proxy (`proxies/<id>` of the model), or null for plain output only. */
  proxyDirectory: z.string().min(1).nullable(),
  /** Null takes the first that the folder has, fp32 before others. */
  dtype: weightsSchema.nullable(),
  device: deviceRequestSchema,
  /** What `auto` chooses by; those of other models or machines are passed over. Left out: none. */
  measurements: z.array(deviceMeasurementSchema).optional(),
  /** Threads of one operator on the CPU; null leaves the choice to ONNX Runtime. */
  threads: z.int().min(1).max(1024).nullable(),
  /** Step sizes; each is one row of the decoder batch. 0 is the plain output. */
  alphas: z.array(z.number()).min(1).max(MOST_ALPHAS),
  /** Also predict the score of every perturbed encoder output; costs a proxy run for each α. */
  predictPerturbed: z.boolean(),
  /**
   * Choose one α for each input: the one whose output the frozen decoder finds most probable given the
   * plain encoder output (docs/perturbation.md). Costs a decoder run for each batch.
   */
  chooseAlpha: z.boolean().optional(),
  /** BCP 47 tag of the language to write; null takes the model's own. */
  language: z.string().min(1).nullable(),
  /** BCP 47 tag of what is read, for models that must be told; null takes the model's own. */
  sourceLanguage: z.string().min(1).nullable(),
  /** How to look for the output; null is greedy, whatever the model's generation_config.json says. */
  search: searchSchema.nullable(),
  /** Recordings: how they are written down. Left out or null: plain, cut at pauses. */
  speech: speechSchema.nullish(),
  /** What an earlier part of this run detected, so that the rest is in the same language. */
  detectedLanguage: z.string().min(1).nullish(),
  /** Encoder inputs per batch. Null: chosen for the task. */
  batchSize: z.int().min(1).max(256).nullable(),
  /**
   * Folder in which encoder outputs are kept for a later α, or null. Files are found again by the
   * encoder's hash and the unit; whoever gives the folder bounds and deletes it.
   */
  encoderCache: z.string().min(1).nullable(),
});
export type RunOptions = z.infer<typeof runOptionsSchema>;

const windowSchema = z.strictObject({
  index: z.int().nonnegative(),
  /** Seconds from the start of the file, as in the segment of the run before. */
  start: z.number().nonnegative(),
  end: z.number().nonnegative(),
});

/** Which windows of a recording to run. */
const audioPartSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('all') }),
  /** The rest: the first window gets `index` and begins at `start`, where the one before ended. */
  z.strictObject({
    type: z.literal('rest'),
    index: z.int().nonnegative(),
    start: z.number().nonnegative(),
  }),
  /** Windows that were cut before, in ascending order. */
  z.strictObject({ type: z.literal('windows'), windows: z.array(windowSchema).min(1) }),
]);
export type AudioPart = z.infer<typeof audioPartSchema>;

const transcribeInputSchema = runOptionsSchema.extend({
  path: z.string().min(1),
  part: audioPartSchema,
});

const sentenceSchema = z.strictObject({
  /** Position in the text, from 0. A request may hold some of them only. */
  index: z.int().nonnegative(),
  /** Exactly as in the file. */
  text: z.string(),
  /** What the model reads: inner white space collapsed. */
  input: z.string(),
  /** What follows it in the file. */
  separator: z.string(),
  /** False where there is nothing to translate (no letter, no digit): the output is the text. */
  translatable: z.boolean(),
});
export type Sentence = z.infer<typeof sentenceSchema>;

const translateInputSchema = runOptionsSchema.extend({ sentences: z.array(sentenceSchema) });

/** What a run reports, in order: one `ready`, any number of the middle ones, one `done`. */
const runEventSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('ready'),
    model: modelIdentitySchema,
    proxy: proxyIdentitySchema.nullable(),
    device: deviceUseSchema,
    /** As in the result; null where `language` will say it, or nothing can. */
    language: z.string().nullable(),
    sourceLanguage: z.string().nullable(),
  }),
  z.strictObject({
    /** What the model took the speech for, at the first window that is not silent. At most once. */
    type: z.literal('language'),
    language: z.string(),
    sourceLanguage: z.string(),
    /** Among the languages that the model knows. */
    probability: z.number().min(0).max(1),
  }),
  z.strictObject({
    type: z.literal('progress'),
    /**
     * Seconds from the start of the recording (of the `windows` asked for: together), or sentences.
     * Never goes backward.
     */
    done: z.number().nonnegative(),
    /** Null where the file does not say how long it is. */
    total: z.number().nonnegative().nullable(),
  }),
  z.strictObject({
    /** Text of a segment as it grows; replaced by the next one and at last by the segment. */
    type: z.literal('partial'),
    index: z.int().nonnegative(),
    texts: z.array(z.string()),
  }),
  z.strictObject({ type: z.literal('segment'), segment: segmentSchema }),
  z.strictObject({
    /** With an encoder cache: units so far whose encoder output was there, and those encoded. */
    type: z.literal('encoder-cache'),
    found: z.int().nonnegative(),
    encoded: z.int().nonnegative(),
  }),
  z.strictObject({
    type: z.literal('done'),
    /** Seconds of the recording, or of the `windows` asked for together; null for text. */
    duration: z.number().nonnegative().nullable(),
    timings: timingsSchema,
  }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;

const mediaInputSchema = z.strictObject({
  path: z.string().min(1),
  /** Where to write the playback copy (mono Opus in Ogg, about 32 kbit/s). */
  playbackPath: z.string().min(1),
  /** Where to write the peaks (docs/media.md). */
  peaksPath: z.string().min(1),
});

export type MediaInput = z.infer<typeof mediaInputSchema>;

const mediaEventSchema = z.discriminatedUnion('type', [
  /** Seconds of audio; `total` is null where the file does not say how long it is. */
  z.strictObject({
    type: z.literal('progress'),
    done: z.number().nonnegative(),
    total: z.number().nonnegative().nullable(),
  }),
  /** Both files are there, whole. */
  z.strictObject({ type: z.literal('done'), duration: z.number().nonnegative() }),
]);
export type MediaEvent = z.infer<typeof mediaEventSchema>;

export const deviceInfoSchema = z.strictObject({
  device: deviceSchema,
  available: z.boolean(),
  /** For people: what it is, or why it cannot be used. */
  detail: z.string(),
});
export type DeviceInfo = z.infer<typeof deviceInfoSchema>;

const deviceTrialSchema = z.strictObject({
  modelDirectory: z.string().min(1),
  dtype: weightsSchema.nullable(),
  /** That one and no other. */
  device: deviceSchema,
  threads: z.int().min(1).max(1024).nullable(),
  language: z.string().min(1).nullable(),
});
export type DeviceTrial = z.infer<typeof deviceTrialSchema>;

const deviceTrialResultSchema = deviceMeasurementSchema.omit({ agrees: true }).extend({
  /** Generated ids of every row, to be compared with those of another device. */
  tokenIds: z.array(z.array(z.int().nonnegative())),
});
export type DeviceTrialResult = z.infer<typeof deviceTrialResultSchema>;

export const engineContract = {
  transcribe: oc.input(transcribeInputSchema).output(eventIterator(runEventSchema)),
  translate: oc.input(translateInputSchema).output(eventIterator(runEventSchema)),
  /** Writes what the screens play and draw; through temporary files. */
  prepareMedia: oc.input(mediaInputSchema).output(eventIterator(mediaEventSchema)),
  /** Trains a proxy and puts it beside the model; stores the model's outputs where it is told to. */
  trainProxy: oc.input(trainProxyInputSchema).output(eventIterator(trainingEventSchema)),
  evaluateProxy: oc.input(evaluateProxyInputSchema).output(eventIterator(evaluationEventSchema)),
  /** Makes a model folder of what a person has, in the empty folder that it is given. */
  convertModel: oc.input(convertModelInputSchema).output(eventIterator(convertEventSchema)),
  devices: oc.output(z.array(deviceInfoSchema)),
  /** Runs a fixed piece of work (docs/decisions/015-devices.md) and takes the time. */
  measureDevice: oc.input(deviceTrialSchema).output(deviceTrialResultSchema),
  /**
   * Answers when the engine is free to answer (a native call blocks it) and nothing is being done
   * any more for requests that were cancelled before.
   */
  ping: oc.output(z.literal('pong')),
};

/** The step is made in single precision, where 1e39 is infinite. */
export function isFiniteAlpha(alpha: number): boolean {
  return Number.isFinite(Math.fround(alpha));
}

/** Every α must be a finite number. @throws VeerError ALPHA_NOT_FINITE quoting the value. */
export function requireFiniteAlphas(alphas: readonly number[]): void {
  const wrong = alphas.find((alpha) => !isFiniteAlpha(alpha));
  if (wrong !== undefined) {
    throw new VeerError(
      'ALPHA_NOT_FINITE',
      `α must be a finite number, not "${wrong}". Use for example 0 or 0.05.`,
    );
  }
}
