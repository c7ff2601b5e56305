/**
 * Whisper (Radford et al. 2022, arXiv 2212.04356). One row is one window of audio, zero-padded to
 * the length the model was trained with. Its decoder sees all positions, padding too; the valid
 * mask only tells a proxy which positions stand for real audio.
 */

import { join } from 'node:path';
import { z } from 'zod';
import { VeerError } from '../../contract/errors.ts';
import { primaryLanguage } from '../../contract/languages.ts';
import { PREPROCESSOR_CONFIG_FILE } from '../../contract/model-layout.ts';
import type { DeviceUse, ModelIdentity } from '../../contract/result.ts';
import { LogMelExtractor } from '../audio/log-mel.ts';
import type { RowOutput } from '../decoding/hypothesis.ts';
import { checkFields, readJsonFile } from '../files/json-file.ts';
import { dimension, floatTensor, int64Tensor } from '../onnx/tensor.ts';
import { Tokenizer } from '../text/tokenizer.ts';
import type { EncoderDecoderGraphs } from './encoder-decoder-graphs.ts';
import { generate } from './generation.ts';
import type { DecodeOptions, Encoded, PreparedBatch, SpeechModel } from './model.ts';
import { CONFIG_ERRORS, checkConfig, type ModelFolder } from './model-folder.ts';

const configSchema = z.looseObject({
  vocab_size: z.int().positive(),
  d_model: z.int().positive(),
  decoder_attention_heads: z.int().positive(),
  max_source_positions: z.int().positive(),
  max_target_positions: z.int().positive(),
});

const generationSchema = z.looseObject({
  is_multilingual: z.boolean().default(false),
  lang_to_id: z.record(z.string(), z.int()).nullish(),
  task_to_id: z.record(z.string(), z.int()).nullish(),
  no_timestamps_token_id: z.int().nullish(),
});

const preprocessorSchema = z.looseObject({
  feature_size: z.int().positive(),
  sampling_rate: z.literal(16000),
  hop_length: z.int().positive(),
  n_fft: z.int().positive(),
  n_samples: z.int().positive(),
});

export class WhisperModel implements SpeechModel {
  readonly task = 'transcribe';
  readonly identity: ModelIdentity;
  readonly device: DeviceUse;
  readonly hiddenSize: number;
  readonly decodesPadding = true;
  readonly language: string | null;
  readonly sourceLanguage: string | null;
  /** Samples of one window at 16 kHz. */
  readonly windowSamples: number;
  readonly samplingRate = 16000;
  readonly #folder: ModelFolder;
  readonly #graphs: EncoderDecoderGraphs;
  readonly #config: z.infer<typeof configSchema>;
  readonly #tokenizer: Tokenizer;
  readonly #features: LogMelExtractor;
  readonly #featureSize: number;
  readonly #samplesPerPosition: number;
  readonly #prompt: readonly number[];
  /** First id of the timestamps, which are the last ids; infinite for a model without them. */
  readonly #firstTimestamp: number;

  private constructor(
    folder: ModelFolder,
    graphs: EncoderDecoderGraphs,
    identity: ModelIdentity,
    device: DeviceUse,
    preprocessor: z.infer<typeof preprocessorSchema>,
    language: string | null,
  ) {
    this.identity = identity;
    this.device = device;
    this.windowSamples = preprocessor.n_samples;
    this.#folder = folder;
    this.#graphs = graphs;
    this.#config = checkConfig(folder, configSchema);
    this.hiddenSize = this.#config.d_model;
    this.#featureSize = preprocessor.feature_size;
    this.#samplesPerPosition = preprocessor.n_samples / this.#config.max_source_positions;
    this.#features = new LogMelExtractor({
      featureSize: preprocessor.feature_size,
      samplingRate: preprocessor.sampling_rate,
      hopLength: preprocessor.hop_length,
      nFft: preprocessor.n_fft,
      nSamples: preprocessor.n_samples,
    });
    this.#tokenizer = new Tokenizer({
      tokenizer: folder.tokenizer,
      config: folder.tokenizerConfig,
      vocabSize: this.#config.vocab_size,
      endOfTextIds: folder.generation.eos_token_id,
      directory: folder.directory,
    });
    const generation = checkFields(
      folder.generation,
      generationSchema,
      `${folder.directory}/generation_config.json`,
      CONFIG_ERRORS,
    );
    const start = folder.generation.decoder_start_token_id;
    const { prompt, language: written } = decoderPrompt(folder.id, start, generation, language);
    this.#prompt = prompt;
    this.language = written;
    // It writes what it hears.
    this.sourceLanguage = written;
    this.#firstTimestamp = (generation.no_timestamps_token_id ?? Number.POSITIVE_INFINITY) + 1;
  }

  /**
   * @throws VeerError MODEL_FILE_MISSING, MODEL_CONFIG_INVALID, TOKENIZER_MISMATCH,
   *   LANGUAGE_UNSUPPORTED
   */
  static async create(
    folder: ModelFolder,
    graphs: EncoderDecoderGraphs,
    identity: ModelIdentity,
    device: DeviceUse,
    language: string | null,
  ): Promise<WhisperModel> {
    const preprocessor = await readJsonFile(
      join(folder.directory, PREPROCESSOR_CONFIG_FILE),
      preprocessorSchema,
      CONFIG_ERRORS,
    );
    return new WhisperModel(folder, graphs, identity, device, preprocessor, language);
  }

  prepare(windows: readonly Float32Array[]): PreparedBatch {
    const features = windows.map((samples) => this.#features.extract(samples));
    const size = features[0]?.length ?? 0;
    const batch = new Float32Array(windows.length * size);
    features.forEach((rowFeatures, row) => {
      batch.set(rowFeatures, row * size);
    });
    const frames = size / this.#featureSize;
    const positions = this.#config.max_source_positions;
    const mask = windows.flatMap((samples) => {
      const valid = Math.min(positions, Math.ceil(samples.length / this.#samplesPerPosition));
      return Array.from({ length: positions }, (_, t) => (t < valid ? 1 : 0));
    });
    return {
      feeds: { input_features: floatTensor(batch, [windows.length, this.#featureSize, frames]) },
      validMask: int64Tensor(mask, [windows.length, positions]),
    };
  }

  async encode(batch: PreparedBatch): Promise<Encoded> {
    const hiddenStates = await this.#graphs.encode(batch.feeds, this.hiddenSize);
    return { hiddenStates, validMask: batch.validMask };
  }

  decode(encoded: Encoded, options: DecodeOptions): Promise<readonly RowOutput[]> {
    const heads = this.#config.decoder_attention_heads;
    const session = this.#graphs.decoderSession(encoded.hiddenStates, null, {
      heads,
      headSize: this.hiddenSize / heads,
    });
    return generate(session, {
      ...options,
      generation: this.#folder.generation,
      rows: dimension(encoded.hiddenStates, 0),
      prompt: this.#prompt,
      decoderPositions: this.#config.max_target_positions,
    });
  }

  text(tokenIds: readonly number[]): string {
    // A prompt without timestamps does not keep a model from writing them.
    const words = tokenIds.filter((id) => id < this.#firstTimestamp);
    return this.#tokenizer.decode(words).trim();
  }

  dispose(): Promise<void> {
    return this.#graphs.dispose();
  }
}

/**
 * Start token, then language and task for a multilingual model, then "no timestamps" where the
 * model knows that token. An English-only model has no language tokens.
 */
function decoderPrompt(
  modelId: string,
  start: number,
  generation: z.infer<typeof generationSchema>,
  language: string | null,
): { readonly prompt: readonly number[]; readonly language: string } {
  const noTimestamps = generation.no_timestamps_token_id;
  const end = noTimestamps === null || noTimestamps === undefined ? [] : [noTimestamps];
  const wanted = language === null ? null : primaryLanguage(language);
  if (!generation.is_multilingual) {
    if (wanted !== null && wanted !== 'en') {
      throw new VeerError(
        'LANGUAGE_UNSUPPORTED',
        `${modelId} writes English only, not "${language}".`,
      );
    }
    return { prompt: [start, ...end], language: 'en' };
  }
  if (wanted === null) {
    throw new VeerError(
      'LANGUAGE_UNSUPPORTED',
      `${modelId} knows several languages. Say which one is spoken, for example --language en.`,
    );
  }
  const languageId = generation.lang_to_id?.[`<|${wanted}|>`];
  if (languageId === undefined) {
    throw new VeerError(
      'LANGUAGE_UNSUPPORTED',
      `${modelId} does not know the language "${language}".`,
    );
  }
  const taskId = generation.task_to_id?.['transcribe'];
  const task = taskId === undefined ? [] : [taskId];
  return { prompt: [start, languageId, ...task, ...end], language: wanted };
}
