/** What a frozen model reads of an example. */

import { VeerError } from '../../contract/errors.ts';
import { openAudio } from '../audio/decode-audio.ts';
import type { Model, SpeechModel, TextModel } from '../models/model.ts';
import type { Example } from './examples.ts';

/** A loaded model and how its inputs are read. */
export interface ReadableModel<Input> {
  readonly model: Model<Input>;
  readonly task: 'asr' | 'translation';
  /** @throws VeerError for an input that this model cannot take */
  readonly read: (source: Example['source'], signal: AbortSignal) => Promise<Input>;
  /** Inputs that are encoded and decoded together. */
  readonly batchSize: number;
}

export function speechInputs(model: SpeechModel): ReadableModel<Float32Array> {
  return {
    model,
    task: 'asr',
    batchSize: 8,
    read: async (source, signal) => {
      if (source.type !== 'audio') throw wrongKind(model, 'recordings');
      return readWindow(source.path, model, signal);
    },
  };
}

export function textInputs(model: TextModel): ReadableModel<string> {
  return {
    model,
    task: 'translation',
    batchSize: 32,
    read: (source) => {
      if (source.type !== 'text') throw wrongKind(model, 'texts');
      return Promise.resolve(source.text);
    },
  };
}

/** @throws VeerError as `openAudio`, OPTION_INVALID for more than one window */
async function readWindow(
  path: string,
  { windowSamples, samplingRate }: SpeechModel,
  signal: AbortSignal,
): Promise<Float32Array> {
  await using source = await openAudio(path, { signal, samplingRate });
  const chunks: Float32Array[] = [];
  let length = 0;
  for await (const chunk of source.chunks(signal)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > windowSamples) {
      throw new VeerError(
        'OPTION_INVALID',
        `it is longer than one window of the model (${windowSamples / samplingRate} s)`,
      );
    }
  }
  const samples = new Float32Array(length);
  let at = 0;
  for (const chunk of chunks) {
    samples.set(chunk, at);
    at += chunk.length;
  }
  return samples;
}

function wrongKind<Input>({ identity }: Model<Input>, kind: string): VeerError {
  return new VeerError('OPTION_INVALID', `${identity.id} takes ${kind} as examples.`);
}
