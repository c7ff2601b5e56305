/** The one place that turns a model folder into a model: one branch per family. */

import type { DeviceRequest, Dtype } from '../../contract/devices.ts';
import { assertNever } from '../../contract/errors.ts';
import type { Family } from '../../contract/model-layout.ts';
import type { ModelIdentity } from '../../contract/result.ts';
import { sha256OfFile } from '../files/sha256.ts';
import { loadOnDevice } from '../onnx/devices.ts';
import {
  EncoderDecoderGraphs,
  type GraphInputs,
  T5_INPUTS,
  WHISPER_INPUTS,
} from './encoder-decoder-graphs.ts';
import { openModelFolder } from './model-folder.ts';
import { T5Model } from './t5.ts';
import { WhisperModel } from './whisper.ts';

const GRAPH_INPUTS: Readonly<Record<Family, GraphInputs>> = {
  whisper: WHISPER_INPUTS,
  t5: T5_INPUTS,
};

export interface LoadModelOptions {
  readonly directory: string;
  /** Null takes the first that the folder has, fp32 before others. */
  readonly dtype: Dtype | null;
  readonly device: DeviceRequest;
  readonly threads: number | null;
  readonly language: string | null;
}

/**
 * Loads a frozen model.
 *
 * @throws VeerError MODEL_NOT_FOUND, MODEL_FILE_MISSING, MODEL_FILE_DAMAGED, MODEL_CONFIG_INVALID,
 *   MODEL_FAMILY_UNSUPPORTED, TOKENIZER_MISMATCH, DTYPE_UNAVAILABLE, LANGUAGE_UNSUPPORTED
 */
export async function loadModel(options: LoadModelOptions): Promise<WhisperModel | T5Model> {
  const folder = await openModelFolder(options.directory, options.dtype);
  const { value: graphs, device } = await loadOnDevice(options.device, (candidate) =>
    EncoderDecoderGraphs.load(folder, GRAPH_INPUTS[folder.family], candidate, options.threads),
  );
  try {
    const identity: ModelIdentity = {
      id: folder.id,
      family: folder.family,
      dtype: folder.dtype,
      encoderSha256: await sha256OfFile(folder.encoderPath),
      decoderSha256: await sha256OfFile(folder.decoderPath),
    };
    switch (folder.family) {
      case 'whisper':
        return await WhisperModel.create(folder, graphs, identity, device, options.language);
      case 't5':
        return new T5Model(folder, graphs, identity, device, options.language);
      default:
        return assertNever(folder.family);
    }
  } catch (error) {
    await graphs.dispose();
    throw error;
  }
}
