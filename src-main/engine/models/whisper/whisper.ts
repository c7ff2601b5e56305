/**
 * Whisper (Radford et al. 2022, arXiv 2212.04356). One row is one window of audio, zero-padded to
 * the length the model was trained with. Its decoder sees all positions, padding too; the valid
 * mask only tells a proxy which positions stand for real audio.
 */

import { z } from 'zod';
import type { DeviceUse, ModelIdentity } from '../../../contract/result.ts';
import type { Speech } from '../../../contract/speech.ts';
import { CONFIG_ERRORS, readPreprocessor } from '../../../model-folder/read-folder.ts';
import { LogMelExtractor } from '../../audio/log-mel.ts';
import type { RowOutput } from '../../decoding/hypothesis.ts';
import { checkFields } from '../../files/json-file.ts';
import { floatTensor, int64Tensor } from '../../onnx/tensor.ts';
import { Tokenizer } from '../../text/tokenizer.ts';
import { computesInFloat32, rowsStandAlone } from '../arithmetic.ts';
import type { EncoderDecoderGraphs } from '../encoder-decoder-graphs.ts';
import type { DecodeOptions, Encoded, PreparedBatch, SpeechModel } from '../model.ts';
import { checkConfig, type ModelFolder } from '../model-folder.ts';
import { textOf } from './decoding.ts';
import type { WhisperParts } from './parts.ts';
import { spokenLanguage } from './prompt.ts';
import { WhisperRun } from './run.ts';
import { whisperTokens } from './tokens.ts';
import { windowsAtOnce } from './windows-at-once.ts';

const configSchema = z.looseObject({
  vocab_size: z.int().positive(),
  d_model: z.int().positive(),
  decoder_attention_heads: z.int().positive(),
  max_source_positions: z.int().positive(),
  max_target_positions: z.int().positive(),
  /** Of fields that only some folders need. */
  decoder_layers: z.int().positive().optional(),
  encoder_ffn_dim: z.int().positive().optional(),
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
  readonly rowsStandAlone: boolean;
  readonly decodesPadding = true;
  /** Null where it is to be detected. */
  readonly language: string | null;
  /** It writes what it hears. */
  readonly sourceLanguage: string | null;
  /** Samples of one window at 16 kHz. */
  readonly windowSamples: number;
  readonly samplingRate = 16000;
  readonly windowsAtOnce?: number;
  readonly #samplesPerPosition: number;
  readonly #parts: WhisperParts;
  readonly #positions: number;
  readonly #features: LogMelExtractor;
  readonly #featureSize: number;

  private constructor(
    folder: ModelFolder,
    graphs: EncoderDecoderGraphs,
    identity: ModelIdentity,
    device: DeviceUse,
    preprocessor: z.infer<typeof preprocessorSchema>,
    language: string | null,
  ) {
    this.identity = identity;
    this.rowsStandAlone = rowsStandAlone(folder);
    this.device = device;
    this.windowSamples = preprocessor.n_samples;
    const config = checkConfig(folder, configSchema);
    if (folder.decoder.kind === 'own') this.windowsAtOnce = windowsAtOnce(config);
    this.hiddenSize = config.d_model;
    this.#featureSize = preprocessor.feature_size;
    this.#samplesPerPosition = preprocessor.n_samples / config.max_source_positions;
    this.#positions = config.max_source_positions;
    this.#features = new LogMelExtractor({
      featureSize: preprocessor.feature_size,
      samplingRate: preprocessor.sampling_rate,
      hopLength: preprocessor.hop_length,
      nFft: preprocessor.n_fft,
      nSamples: preprocessor.n_samples,
    });
    const tokenizer = new Tokenizer({
      tokenizer: folder.tokenizer,
      config: folder.tokenizerConfig,
      vocabSize: config.vocab_size,
      endOfTextIds: folder.generation.eos_token_id,
      directory: folder.directory,
    });
    const tokens = whisperTokens(folder, tokenizer);
    const heads = config.decoder_attention_heads;
    this.#parts = {
      folder,
      graphs,
      tokenizer,
      tokens,
      readsDrafts: computesInFloat32(folder) && device.used === 'cpu',
      cacheShape: { heads, headSize: this.hiddenSize / heads },
      decoderPositions: config.max_target_positions,
      secondsPerPosition: this.#samplesPerPosition / this.samplingRate,
    };
    this.language = spokenLanguage(folder.id, tokens, language);
    this.sourceLanguage = this.language;
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
    const { fields, path } = await readPreprocessor(folder);
    const preprocessor = checkFields(fields, preprocessorSchema, path, CONFIG_ERRORS);
    return new WhisperModel(folder, graphs, identity, device, preprocessor, language);
  }

  get readsDrafts(): boolean {
    return this.#parts.readsDrafts;
  }

  prepare(windows: readonly Float32Array[]): PreparedBatch {
    const features = windows.map((samples) => this.#features.extract(samples));
    const size = features[0]?.length ?? 0;
    const batch = new Float32Array(windows.length * size);
    features.forEach((rowFeatures, row) => {
      batch.set(rowFeatures, row * size);
    });
    const frames = size / this.#featureSize;
    const positions = this.#positions;
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
    const hiddenStates = await this.#parts.graphs.encode(batch.feeds, this.hiddenSize);
    return { hiddenStates, validMask: batch.validMask };
  }

  /**
   * @param detectedLanguage code of the language that an earlier part of the recording is in
   * @throws VeerError OPTION_INVALID for what the model cannot do
   */
  run(speech: Speech | null, detectedLanguage: string | null): WhisperRun {
    return new WhisperRun(this.#parts, speech, this.language ?? detectedLanguage);
  }

  decode(encoded: Encoded, options: DecodeOptions): Promise<readonly RowOutput[]> {
    return this.run(null, null).decode(encoded, options);
  }

  text(tokenIds: readonly number[]): string {
    return textOf(this.#parts, tokenIds);
  }

  dispose(): Promise<void> {
    return this.#parts.graphs.dispose();
  }
}
