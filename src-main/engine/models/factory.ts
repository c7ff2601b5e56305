/** The one place that turns a model folder into a model: one adapter per family. */

import { z } from 'zod';
import type { DeviceMeasurement, DeviceRequest, Dtype, Weights } from '../../contract/devices.ts';
import { decoderDtype, encoderDtype } from '../../contract/dtype-pairs.ts';
import { decoderGraphs, type Family } from '../../contract/model-layout.ts';
import type { ModelIdentity } from '../../contract/result.ts';
import { type HashFiles, hashHere } from '../files/hash-files.ts';
import { adapterName } from '../onnx/adapter-name.ts';
import { chooseDevice, measurementsOf } from '../onnx/choose-device.ts';
import { loadOnDevice } from '../onnx/devices.ts';
import { runtimeVersion } from '../onnx/versions.ts';
import { Tokenizer } from '../text/tokenizer.ts';
import { rowsStandAlone } from './arithmetic.ts';
import {
  BART_INPUTS,
  EncoderDecoderGraphs,
  type GraphInputs,
  TEXT_INPUTS,
  WHISPER_INPUTS,
} from './encoder-decoder-graphs.ts';
import type { LoadedModel } from './model.ts';
import { checkConfig, type ModelFolder, openModelFolder } from './model-folder.ts';
import { MOONSHINE_INPUTS, MoonshineModel } from './moonshine.ts';
import { bart } from './text-to-text/bart.ts';
import { m2m100 } from './text-to-text/m2m100.ts';
import { marian } from './text-to-text/marian.ts';
import { mbart } from './text-to-text/mbart.ts';
import { t5 } from './text-to-text/t5.ts';
import { t5gemma } from './text-to-text/t5gemma.ts';
import type { LanguageRequest, MakeTextFamily } from './text-to-text/text-family.ts';
import { TextToTextModel } from './text-to-text/text-to-text.ts';
import { WhisperModel } from './whisper/whisper.ts';

export interface LoadModelOptions {
  readonly directory: string;
  /** Null takes the first that the folder has, fp32 before others. */
  readonly dtype: Weights | null;
  readonly device: DeviceRequest;
  /** What `auto` chooses by. */
  readonly measurements?: readonly DeviceMeasurement[];
  readonly threads: number | null;
  /** BCP 47 tag of the language to write; null takes the model's own. */
  readonly language: string | null;
  /** BCP 47 tag of the language to read; left out or null takes the model's own. */
  readonly sourceLanguage?: string | null;
  /** Left out: in this thread. */
  readonly hashFiles?: HashFiles;
}

/** Dtypes whose graphs compute in half precision. */
const HALVES: ReadonlySet<Dtype> = new Set(['fp16', 'q4f16']);

interface Parts {
  readonly folder: ModelFolder;
  readonly graphs: EncoderDecoderGraphs;
  readonly identity: ModelIdentity;
  readonly device: LoadedModel['device'];
  readonly languages: LanguageRequest;
}

interface Adapter {
  readonly inputs: GraphInputs;
  readonly create: (parts: Parts) => Promise<LoadedModel>;
}

const ADAPTERS: Readonly<Record<Family, Adapter>> = {
  whisper: {
    inputs: WHISPER_INPUTS,
    create: ({ folder, graphs, identity, device, languages }) =>
      WhisperModel.create(folder, graphs, identity, device, languages.source ?? languages.target),
  },
  moonshine: {
    inputs: MOONSHINE_INPUTS,
    create: async ({ languages, ...parts }) => {
      const tokenizer = openTokenizer(parts.folder);
      return new MoonshineModel({
        ...parts,
        tokenizer,
        language: languages.source ?? languages.target,
      });
    },
  },
  t5: textToText(t5),
  mt5: textToText(t5),
  t5gemma: textToText(t5gemma),
  marian: textToText(marian),
  m2m_100: textToText(m2m100),
  bart: textToText(bart, BART_INPUTS),
  mbart: textToText(mbart),
};

function textToText(makeFamily: MakeTextFamily, inputs = TEXT_INPUTS): Adapter {
  return {
    inputs,
    create: async ({ folder, languages, ...parts }) => {
      const tokenizer = openTokenizer(folder);
      const family = makeFamily(folder, tokenizer, languages);
      const standAlone = rowsStandAlone(folder);
      return new TextToTextModel({ ...parts, rowsStandAlone: standAlone, tokenizer, family });
    },
  };
}

/**
 * Loads a frozen model.
 *
 * @throws VeerError MODEL_NOT_FOUND, MODEL_FILE_MISSING, MODEL_FILE_DAMAGED, MODEL_CONFIG_INVALID,
 *   MODEL_FAMILY_UNSUPPORTED, TOKENIZER_MISMATCH, DTYPE_UNAVAILABLE, LANGUAGE_UNSUPPORTED
 */
export async function loadModel(options: LoadModelOptions): Promise<LoadedModel> {
  const folder = await openModelFolder(options.directory, options.dtype);
  const { inputs, create } = ADAPTERS[folder.family];
  const { id, family, dtype, encoderPath, encoderData, decoder, decoderData } = folder;
  const { hashFiles = hashHere, measurements = [] } = options;
  // While the graphs are opened, where another thread does it.
  const identified = identify({ id, family, dtype }, hashFiles, [
    [encoderPath, ...encoderData],
    [...decoderGraphs(decoder), ...decoderData],
  ]);
  identified.catch(() => undefined);
  const own = measurements.length === 0 ? [] : await ownMeasurements(measurements, identified);
  const choice = chooseDevice(options.device, own);
  const halves = [encoderDtype(dtype), decoderDtype(dtype)].some((each) => HALVES.has(each));
  const type = halves ? 'float16' : 'float32';
  const { value: graphs, device } = await loadOnDevice(options.device, choice, type, (candidate) =>
    EncoderDecoderGraphs.load(folder, inputs, candidate, options.threads),
  );
  try {
    const identity = await identified;
    const languages = { target: options.language, source: options.sourceLanguage ?? null };
    return await create({ folder, graphs, identity, device, languages });
  } catch (error) {
    await graphs.dispose();
    throw error;
  }
}

async function identify(
  named: Pick<ModelIdentity, 'id' | 'family' | 'dtype'>,
  hashFiles: HashFiles,
  files: readonly [encoder: readonly string[], decoder: readonly string[]],
): Promise<ModelIdentity> {
  const [encoderSha256 = '', decoderSha256 = ''] = await hashFiles(files);
  return { ...named, encoderSha256, decoderSha256 };
}

async function ownMeasurements(
  measurements: readonly DeviceMeasurement[],
  identified: Promise<ModelIdentity>,
): Promise<readonly DeviceMeasurement[]> {
  const here = { adapter: await adapterName(), runtime: runtimeVersion() };
  return measurementsOf(measurements, { ...(await identified), ...here });
}

const vocabularySchema = z.looseObject({ vocab_size: z.int().positive() });

/** @throws VeerError MODEL_CONFIG_INVALID, TOKENIZER_MISMATCH */
export function openTokenizer(folder: ModelFolder): Tokenizer {
  return new Tokenizer({
    tokenizer: folder.tokenizer,
    config: folder.tokenizerConfig,
    vocabSize: checkConfig(folder, vocabularySchema).vocab_size,
    endOfTextIds: folder.generation.eos_token_id,
    directory: folder.directory,
  });
}
