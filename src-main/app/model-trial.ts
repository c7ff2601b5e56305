/**
 * Whether a model works here: the engine decodes something small with every dtype of it, without a
 * proxy and with each one. A file that was cut short, a tokenizer of another model or an operator that
 * ONNX Runtime lacks shows now, and not in the middle of somebody's recording.
 */

import { writeFile } from 'node:fs/promises';
import type { Weights } from '../contract/devices.ts';
import { encoderDtype } from '../contract/dtype-pairs.ts';
import type { RunOptions, Sentence } from '../contract/engine-contract.ts';
import { VeerError } from '../contract/errors.ts';
import { graphFiles } from '../contract/model-layout.ts';
import type { EngineClient } from '../engine-client/engine-client.ts';
import type { ModelEntry } from '../model-store/list-models.ts';
import type { ProxyEntry } from '../model-store/read-proxies.ts';
import { naming } from './data-folder.ts';

export interface TrialOptions {
  /** Where a recording may be written. */
  readonly recording: string;
  /** Alone used for this, so that a model that crashes it takes nothing else along. */
  readonly engine: EngineClient;
  readonly signal: AbortSignal;
  readonly onDtype: (dtype: Weights) => void;
}

const SENTENCE: Sentence = {
  index: 0,
  text: 'Hello.',
  input: 'Hello.',
  separator: '',
  translatable: true,
};
const SAMPLING_RATE = 16_000;
/** Of 32,768: faint, but no digital silence, which would not be decoded. */
const LOUDNESS = 40;
const STEP = 0.05;

/**
 * @throws VeerError of the engine: MODEL_…, TOKENIZER_MISMATCH, PROXY_…, ENGINE_CRASHED, CANCELLED;
 *   and those of writing the recording
 */
export async function tryModel(model: ModelEntry, options: TrialOptions): Promise<void> {
  const { recording, onDtype } = options;
  if (model.task === 'transcribe') {
    await naming(recording, () => writeFile(recording, faintNoise()));
  }
  for (const dtype of model.dtypes) {
    onDtype(dtype);
    await attempt(model, dtype, null, options);
    for (const proxy of model.proxies) {
      if (dtypesOf(proxy, model).includes(dtype)) await attempt(model, dtype, proxy, options);
    }
  }
}

/** Dtypes it was measured with; where that is none of these, the engine says so for the first. */
function dtypesOf({ manifest }: ProxyEntry, { dtypes }: ModelEntry): readonly Weights[] {
  const measured = dtypes.filter((dtype) => manifest.encoders[encoderDtype(dtype)] !== undefined);
  return measured.length > 0 ? measured : dtypes.slice(0, 1);
}

async function attempt(
  model: ModelEntry,
  dtype: Weights,
  proxy: ProxyEntry | null,
  { recording, engine, signal }: TrialOptions,
): Promise<void> {
  const options: RunOptions = {
    modelDirectory: model.directory,
    proxyDirectory: proxy?.directory ?? null,
    dtype,
    // What does not run there cannot be fallen back to.
    device: 'cpu',
    threads: null,
    alphas: proxy === null ? [0] : [0, STEP],
    predictPerturbed: false,
    search: null,
    // Models of several languages must be told one.
    language: model.directions[0]?.target ?? null,
    sourceLanguage: null,
    batchSize: null,
    encoderCache: null,
  };
  const events =
    model.task === 'transcribe'
      ? engine.transcribe(recording, { type: 'all' }, options, signal)
      : engine.translate([SENTENCE], options, signal);
  try {
    await Array.fromAsync(events);
  } catch (error) {
    throw named(error, model, dtype, proxy);
  }
}

/** Errors that say what to do about a run, said of a model instead. */
function named(
  error: unknown,
  { id }: ModelEntry,
  dtype: Weights,
  proxy: ProxyEntry | null,
): unknown {
  if (!(error instanceof VeerError)) return error;
  const files =
    proxy === null
      ? `${graphFiles(encoderDtype(dtype)).encoder} and its decoder`
      : `the proxy ${proxy.manifest.id}`;
  const advice = 'Copy the folder again from where it came from, or leave them out.';
  switch (error.code) {
    case 'ENGINE_CRASHED':
      return new VeerError(
        'ENGINE_CRASHED',
        `The engine stopped when it tried ${files} of ${id}. ${advice}`,
        { cause: error },
      );
    // A graph that does not run, or gives no numbers.
    case 'INTERNAL':
    case 'OPTION_INVALID':
      return new VeerError(
        proxy === null ? 'MODEL_FILE_DAMAGED' : 'PROXY_INVALID',
        `${files} of ${id} cannot be run on this computer. ${advice}`,
        { cause: error },
      );
    default:
      return error;
  }
}

/** One second of it, as a wav file. */
function faintNoise(): Buffer {
  const bytes = Buffer.alloc(44 + 2 * SAMPLING_RATE);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  // PCM, one channel.
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(SAMPLING_RATE, 24);
  bytes.writeUInt32LE(2 * SAMPLING_RATE, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(2 * SAMPLING_RATE, 40);
  let state = 1;
  for (let at = 44; at < bytes.length; at += 2) {
    // The linear congruential generator of Numerical Recipes.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeInt16LE(Math.round(LOUDNESS * (state / 2 ** 31 - 1)), at);
  }
  return bytes;
}
