/** The options that every running command shares: parsing, checking, and what they mean. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  DEVICE_REQUESTS,
  type DeviceRequest,
  DTYPES,
  deviceRequestSchema,
  type Weights,
  weightsSchema,
} from '../contract/devices.ts';
import { isFiniteAlpha, MOST_ALPHAS, type RunOptions } from '../contract/engine-contract.ts';
import { VeerError } from '../contract/errors.ts';
import type { Task } from '../contract/result.ts';
import { requireSpeech } from '../contract/speech.ts';
import { chooseModel, type OpenAlphas } from '../model-store/choose-model.ts';
import type { ModelEntry } from '../model-store/list-models.ts';
import { addSearchOptions, planSearch, type SearchFlags } from './search-options.ts';
import { planSpeech, type SpeechFlags } from './speech-options.ts';

/** Which model, and how it runs. */
export interface ModelFlags {
  readonly model?: string;
  readonly device: DeviceRequest;
  readonly dtype?: Weights;
  readonly language?: string;
  readonly sourceLanguage?: string;
  readonly threads?: number;
}

export interface RunFlags extends ModelFlags, SearchFlags, SpeechFlags {
  readonly proxy?: string;
  /** `auto`: one of several, chosen for each input. */
  readonly alpha?: readonly number[] | 'auto';
  readonly out?: string;
}

export function addRunOptions(command: Command): Command {
  const open = addModelOptions(command)
    .option('--proxy <name>', 'proxy of the model; default: its first one', parseName)
    .option(
      '--alpha <list>',
      'step sizes, for example 0,0.05,0.1; 0 is the plain output; auto: chosen for each input',
      (text: string) => (text === 'auto' ? text : parseAlphas(text)),
    );
  return addSearchOptions(open).option(
    '--out <dir>',
    'write one file per input into this folder instead of printing',
  );
}

export function addModelOptions(command: Command): Command {
  return command
    .option('--model <name>', 'model by name ("veer models") or by folder', parseName)
    .addOption(
      new Option('--device <device>', `one of ${DEVICE_REQUESTS.join(', ')}`)
        .default('auto')
        .argParser(parseDevice),
    )
    .addOption(dtypeOption())
    .option(
      '--language <tag>',
      'language to write, for example en; default: the first one of the model',
      parseName,
    )
    .option(
      '--source-language <tag>',
      'language read or heard, for models that must be told (M2M100, NLLB, mBART), or Whisper',
      parseName,
    )
    .option('--threads <n>', 'processor threads of one operator', parseThreads);
}

export function dtypeOption(): Option {
  const text = `weight format: one of ${DTYPES.join(', ')}, or ENCODER+DECODER such as fp32+int8`;
  return new Option('--dtype <dtype>', text).argParser(parseDtype);
}

/** A request with everything chosen that the flags left open. */
export interface PlannedRun {
  readonly model: ModelEntry;
  readonly options: RunOptions;
}

/**
 * @param openAlphas the step sizes where --alpha is not given
 * @throws VeerError as `chooseModel`, OPTION_INVALID
 */
export async function planRun(
  flags: RunFlags,
  task: Task,
  modelDirectories: readonly string[],
  openAlphas: OpenAlphas,
): Promise<PlannedRun> {
  const speech = task === 'transcribe' ? planSpeech(flags) : null;
  const { seed, ...others } = flags;
  const search = planSearch(speech?.fallback ? others : flags);
  requireSpeech(speech, search);
  const automatic = flags.alpha === 'auto';
  const request = {
    task,
    model: flags.model ?? null,
    proxy: flags.proxy ?? null,
    dtype: flags.dtype ?? null,
    alphas: flags.alpha === 'auto' ? null : (flags.alpha ?? null),
  };
  const { model, proxy, alphas } = await chooseModel(
    modelDirectories,
    request,
    automatic ? 'automatic' : openAlphas,
  );
  return {
    model,
    options: {
      modelDirectory: model.directory,
      proxyDirectory: proxy?.directory ?? null,
      dtype: request.dtype,
      device: flags.device,
      threads: flags.threads ?? null,
      alphas: [...alphas],
      predictPerturbed: false,
      chooseAlpha: automatic && alphas.length > 1,
      search,
      speech,
      language: flags.language ?? null,
      sourceLanguage: flags.sourceLanguage ?? null,
      batchSize: null,
      encoderCache: null,
    },
  };
}

/**
 * Numbers separated by commas, repeated ones once.
 *
 * @throws VeerError ALPHA_NOT_FINITE, OPTION_INVALID
 */
export function parseAlphas(text: string): readonly number[] {
  const parts = text.split(',').map((part) => part.trim());
  const wrong = parts.find((part) => part === '' || !isFiniteAlpha(Number(part)));
  if (wrong !== undefined) {
    throw new VeerError(
      'ALPHA_NOT_FINITE',
      `α must be a finite number, not "${wrong}". Use for example --alpha 0,0.05,0.1.`,
    );
  }
  const alphas = [...new Set(parts.map(Number))];
  if (alphas.length <= MOST_ALPHAS) return alphas;
  throw new VeerError(
    'OPTION_INVALID',
    `--alpha has ${alphas.length} values; ${MOST_ALPHAS} are possible at once. Use several runs.`,
  );
}

function parseDevice(text: string): DeviceRequest {
  const device = deviceRequestSchema.safeParse(text);
  if (device.success) return device.data;
  throw new VeerError(
    'DEVICE_UNKNOWN',
    `There is no device "${text}". Devices: ${DEVICE_REQUESTS.join(', ')}.`,
  );
}

function parseDtype(text: string): Weights {
  const dtype = weightsSchema.safeParse(text);
  if (dtype.success) return dtype.data;
  throw new InvalidArgumentError(
    `Weight formats: ${DTYPES.join(', ')}; or those of the encoder and the decoder, such as fp32+int8.`,
  );
}

/** An empty name is most often a shell variable that was never set. */
function parseName(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It must not be empty.');
}

function parseThreads(text: string): number {
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1 && threads <= 1024) return threads;
  throw new InvalidArgumentError('It must be a whole number from 1 to 1024.');
}
