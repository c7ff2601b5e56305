/**
 * The names of the files of a model folder: those of the Hugging Face Hub (the `onnx-community`
 * convention), plus `proxies/<id>/` and graphs of Veer's own.
 */

import { z } from 'zod';
import { DTYPES, type Dtype, dtypeSchema, type Weights } from './devices.ts';
import { decoderDtype, encoderDtype, weightsOf } from './dtype-pairs.ts';
import { VeerError } from './errors.ts';
import { metricDirectionSchema, proxyMetricSchema } from './proxy-metric.ts';
import { trainingRecordSchema } from './proxy-training.ts';

export const CONFIG_FILE = 'config.json';
export const GENERATION_CONFIG_FILE = 'generation_config.json';
export const PREPROCESSOR_CONFIG_FILE = 'preprocessor_config.json';
/** Where transformers 5 puts what preprocessor_config.json said, as `feature_extractor`. */
export const PROCESSOR_CONFIG_FILE = 'processor_config.json';
export const TOKENIZER_FILE = 'tokenizer.json';
export const TOKENIZER_CONFIG_FILE = 'tokenizer_config.json';
export const PROXIES_DIRECTORY = 'proxies';
export const PROXY_GRAPH_FILE = 'proxy.onnx';
export const PROXY_MANIFEST_FILE = 'proxy.json';

/** Where the encoder and the decoder of one dtype lie, relative to the model folder. */
export function graphFiles(
  dtype: Dtype,
  place: GraphPlace = 'onnx/',
): {
  readonly encoder: string;
  /** Both kinds of step in one file. */
  readonly decoder: string;
  /** The same in two files: the first step, and those that follow with caches. */
  readonly splitDecoder: readonly [first: string, next: string];
  /** Veer's own: keys and values of the encoder output, computed once, and every step. */
  readonly ownDecoder: readonly [cross: string, step: string];
  /** Beside it, for times of words: where tokens look. Its weights are those of the steps. */
  readonly alignment: string;
} {
  const named = (name: string) => `${place}${name}${dtype === 'fp32' ? '' : `_${dtype}`}.onnx`;
  return {
    encoder: named('encoder_model'),
    decoder: named('decoder_model_merged'),
    splitDecoder: [named('decoder_model'), named('decoder_with_past_model')],
    ownDecoder: [named('decoder_cross'), named('decoder_step')],
    alignment: named('decoder_alignment'),
  };
}

/** Where graphs lie: as on the Hub, or beside config.json, as `optimum-cli export onnx` writes them. */
const GRAPH_PLACES = ['onnx/', ''] as const;
type GraphPlace = (typeof GRAPH_PLACES)[number];

/** The graphs of a decoder. */
export type DecoderFiles =
  /** Both kinds of step in one file, as Hugging Face's exporters write it. */
  | { readonly kind: 'merged'; readonly path: string }
  /** One file for the first step and one for the others. */
  | { readonly kind: 'split'; readonly first: string; readonly next: string }
  /** Veer's own: the cross-attention's keys and values, run once, and all steps. */
  | {
      readonly kind: 'own';
      readonly cross: string;
      readonly step: string;
      /** Opened only for times of words; null where it is not there. */
      readonly alignment: string | null;
    };

/** All files of a decoder, in the order in which they are run. */
export function decoderGraphs(decoder: DecoderFiles): readonly string[] {
  switch (decoder.kind) {
    case 'merged':
      return [decoder.path];
    case 'split':
      return [decoder.first, decoder.next];
    case 'own':
      return [
        decoder.cross,
        decoder.step,
        ...(decoder.alignment === null ? [] : [decoder.alignment]),
      ];
  }
}

/** The same decoder with every file named otherwise. */
export function mapDecoder(decoder: DecoderFiles, rename: (file: string) => string): DecoderFiles {
  switch (decoder.kind) {
    case 'merged':
      return { kind: 'merged', path: rename(decoder.path) };
    case 'split':
      return { kind: 'split', first: rename(decoder.first), next: rename(decoder.next) };
    case 'own':
      return {
        kind: 'own',
        cross: rename(decoder.cross),
        step: rename(decoder.step),
        alignment: decoder.alignment === null ? null : rename(decoder.alignment),
      };
  }
}

/**
 * The graphs of these weights among `files` (paths relative to the folder, with `/`), in `onnx/` before
 * those beside config.json. Of several decoders Veer's own comes first, then the merged one.
 *
 * @returns null where one is missing
 */
export function findGraphs(
  files: ReadonlySet<string>,
  weights: Weights,
): { readonly encoder: string; readonly decoder: DecoderFiles } | null {
  for (const place of GRAPH_PLACES) {
    const { encoder } = graphFiles(encoderDtype(weights), place);
    const decoder = findDecoder(files, decoderDtype(weights), place);
    if (files.has(encoder) && decoder !== null) return { encoder, decoder };
  }
  return null;
}

function findDecoder(
  files: ReadonlySet<string>,
  dtype: Dtype,
  place: GraphPlace,
): DecoderFiles | null {
  const { decoder: path, splitDecoder, ownDecoder, alignment } = graphFiles(dtype, place);
  const [cross, step] = ownDecoder;
  if (files.has(cross) && files.has(step)) {
    return { kind: 'own', cross, step, alignment: files.has(alignment) ? alignment : null };
  }
  if (files.has(path)) return { kind: 'merged', path };
  const [first, next] = splitDecoder;
  return files.has(first) && files.has(next) ? { kind: 'split', first, next } : null;
}

/**
 * The dtypes whose graphs are all among `files`. Where no dtype has both an encoder and a decoder, the
 * pairs that can be made, the most exact encoder first.
 */
export function availableDtypes(files: ReadonlySet<string>): readonly Weights[] {
  const there = (weights: Weights) => findGraphs(files, weights) !== null;
  const single = DTYPES.filter(there);
  if (single.length > 0) return single;
  return DTYPES.flatMap((encoder) => DTYPES.map((decoder) => weightsOf(encoder, decoder))).filter(
    there,
  );
}

/**
 * Files beside a graph that hold weights of it, in the order of their names: `.onnx_data`,
 * `.onnx_data_1` and `.onnx.data` on the Hub.
 */
export function externalData(files: Iterable<string>, graph: string): readonly string[] {
  return [...files]
    .filter((file) => file.startsWith(`${graph}_data`) || file.startsWith(`${graph}.data`))
    .sort();
}

/** The graph that is missing of the first dtype that was begun; the encoder where none was. */
export function missingGraph(files: ReadonlySet<string>): string {
  const begun = GRAPH_PLACES.flatMap((place) =>
    DTYPES.map((dtype) => graphFiles(dtype, place)),
  ).find(({ encoder, decoder, splitDecoder, ownDecoder }) =>
    [encoder, decoder, ...splitDecoder, ...ownDecoder].some((file) => files.has(file)),
  );
  const { encoder, decoder, splitDecoder, ownDecoder } = begun ?? graphFiles('fp32');
  if (!files.has(encoder)) return encoder;
  // Half of a decoder in two files says what the other half is.
  for (const [one, other] of [splitDecoder, ownDecoder]) {
    if (files.has(one)) return other;
    if (files.has(other)) return one;
  }
  return decoder;
}

/** Tasks by `model_type` of config.json. A family that is not listed is refused by name. */
export const FAMILY_TASKS = {
  whisper: 'transcribe',
  moonshine: 'transcribe',
  t5: 'translate',
  mt5: 'translate',
  t5gemma: 'translate',
  marian: 'translate',
  m2m_100: 'translate',
  bart: 'translate',
  mbart: 'translate',
} as const;
export type Family = keyof typeof FAMILY_TASKS;

/** Families by the name of the Python class that config.json states, where it has no `model_type`. */
export const ARCHITECTURES: ReadonlyMap<string, Family> = new Map([
  ['WhisperForConditionalGeneration', 'whisper'],
  ['MoonshineForConditionalGeneration', 'moonshine'],
  ['T5ForConditionalGeneration', 't5'],
  ['MT5ForConditionalGeneration', 'mt5'],
  ['T5GemmaForConditionalGeneration', 't5gemma'],
  ['MarianMTModel', 'marian'],
  ['M2M100ForConditionalGeneration', 'm2m_100'],
  ['BartForConditionalGeneration', 'bart'],
  ['MBartForConditionalGeneration', 'mbart'],
]);

export function isFamily(modelType: string): modelType is Family {
  return Object.hasOwn(FAMILY_TASKS, modelType);
}

/** The error for a folder of another family; it names those that can be used. */
export function familyUnsupported(id: string, modelType: string): VeerError {
  return new VeerError(
    'MODEL_FAMILY_UNSUPPORTED',
    `${id} is a "${modelType}" model. Families that can be used: ${Object.keys(FAMILY_TASKS).join(', ')}.`,
  );
}

/** What was measured with one encoder file. A proxy is only used with an encoder listed here. */
const measuredEncoderSchema = z.object({
  /** Relative to the model folder. */
  file: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Correlation of predicted and real metric on held-out data, -1 to 1. */
  pearson: z.number().min(-1).max(1),
  spearman: z.number().min(-1).max(1),
  /** Chosen on development data. */
  suggestedAlpha: z.number().nonnegative(),
  /** Change of the metric in the good direction at `suggestedAlpha` on test data, metric points. */
  gain: z.number(),
  /** 95 % paired bootstrap interval of `gain`. A gain is proven where both ends are above 0. */
  interval: z.tuple([z.number(), z.number()]),
  /** On which data `gain` was measured. */
  condition: z.string().min(1),
});
export type MeasuredEncoder = z.infer<typeof measuredEncoderSchema>;

/**
 * `proxy.json`: what a proxy predicts, how its step is made, and where it was measured. Within a
 * format version fields may be added, so unknown ones are passed over.
 */
export const proxyManifestSchema = z.object({
  formatVersion: z.literal(1),
  id: z.string().min(1),
  name: z.string().min(1),
  task: z.enum(['asr', 'translation']),
  metric: proxyMetricSchema,
  direction: metricDirectionSchema,
  scoreRange: z.tuple([z.number(), z.number()]),
  /** Step normalisation n(g) of the method: see docs/perturbation.md. */
  normalisation: z.enum(['raw', 'relative', 'token']),
  preconditioning: z.enum(['none', 'covariance']),
  gate: z.enum(['none', 'predicted-error']),
  /** Small steps that a step is made in, the gradient taken anew before each. */
  steps: z.int().min(1).max(64).default(1),
  /** Predicted error up to which the gate is shut. */
  gateThreshold: z.number().min(0).lt(1).default(0),
  /** Which encoder positions the mask marks: real input only, or padding too. */
  mask: z.enum(['valid', 'all']),
  hiddenSize: z.int().positive(),
  parameters: z.int().positive(),
  encoders: z.partialRecord(dtypeSchema, measuredEncoderSchema),
  /** Where Veer trained it: all that is needed to judge and to repeat it. */
  training: trainingRecordSchema.optional(),
  trainingData: z.string().min(1),
  seed: z.int(),
  versions: z.record(z.string(), z.string()),
  license: z.string().min(1),
});
export type ProxyManifest = z.infer<typeof proxyManifestSchema>;
