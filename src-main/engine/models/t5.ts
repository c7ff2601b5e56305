/**
 * T5, T5 v1.1 and Flan-T5 (Raffel et al. 2020, arXiv 1910.10683). One row is one sentence. The
 * encoder and the decoder's cross-attention mask padding, so rows of mixed lengths share a batch.
 */

import { z } from 'zod';
import { VeerError } from '../../contract/errors.ts';
import { type Direction, primaryLanguage, translationDirection } from '../../contract/languages.ts';
import type { DeviceUse, ModelIdentity } from '../../contract/result.ts';
import type { RowOutput } from '../decoding/hypothesis.ts';
import { checkFields } from '../files/json-file.ts';
import { dimension, int64Tensor } from '../onnx/tensor.ts';
import { Tokenizer } from '../text/tokenizer.ts';
import type { EncoderDecoderGraphs } from './encoder-decoder-graphs.ts';
import { generate } from './generation.ts';
import type { DecodeOptions, Encoded, Model, PreparedBatch } from './model.ts';
import { CONFIG_ERRORS, type ModelFolder } from './model-folder.ts';

const configSchema = z.looseObject({
  num_heads: z.int().positive(),
  d_kv: z.int().positive(),
  /** Longest input, in tokens; T5's relative positions have no limit of their own. */
  n_positions: z.int().positive().default(512),
  /** `translation_en_to_de` → the prefix that the model was trained with. */
  task_specific_params: z
    .record(z.string(), z.looseObject({ prefix: z.string().default('') }))
    .nullish(),
});

export class T5Model implements Model<string> {
  readonly identity: ModelIdentity;
  readonly device: DeviceUse;
  readonly hiddenSize: number;
  readonly decodesPadding = false;
  readonly language: string | null;
  readonly sourceLanguage: string | null;
  readonly #folder: ModelFolder;
  readonly #graphs: EncoderDecoderGraphs;
  readonly #config: z.infer<typeof configSchema>;
  readonly #tokenizer: Tokenizer;
  readonly #prefix: string;

  /** @throws VeerError MODEL_CONFIG_INVALID, TOKENIZER_MISMATCH, LANGUAGE_UNSUPPORTED */
  constructor(
    folder: ModelFolder,
    graphs: EncoderDecoderGraphs,
    identity: ModelIdentity,
    device: DeviceUse,
    language: string | null,
  ) {
    this.identity = identity;
    this.device = device;
    this.hiddenSize = folder.config.d_model;
    this.#folder = folder;
    this.#graphs = graphs;
    this.#config = checkFields(
      folder.config,
      configSchema,
      `${folder.directory}/config.json`,
      CONFIG_ERRORS,
    );
    const task = chooseTask(folder.id, this.#config.task_specific_params ?? {}, language);
    this.language = task.direction?.target ?? null;
    this.sourceLanguage = task.direction?.source ?? null;
    this.#prefix = task.prefix;
    this.#tokenizer = new Tokenizer({
      tokenizer: folder.tokenizer,
      config: folder.tokenizerConfig,
      vocabSize: folder.config.vocab_size,
      endOfTextIds: folder.generation.eos_token_id,
      directory: folder.directory,
    });
  }

  prepare(sentences: readonly string[]): PreparedBatch {
    const rows = sentences.map((sentence) => this.#encodeText(sentence));
    const length = Math.max(...rows.map((ids) => ids.length));
    const size = [rows.length, length];
    const pad = this.#folder.generation.pad_token_id;
    const at = (value: (ids: readonly number[], t: number) => number) =>
      rows.flatMap((ids) => Array.from({ length }, (_, t) => value(ids, t)));
    const ids = int64Tensor(
      at((row, t) => row[t] ?? pad),
      size,
    );
    const mask = int64Tensor(
      at((row, t) => (t < row.length ? 1 : 0)),
      size,
    );
    return { feeds: { input_ids: ids, attention_mask: mask }, validMask: mask };
  }

  async encode(batch: PreparedBatch): Promise<Encoded> {
    const hiddenStates = await this.#graphs.encode(batch.feeds, this.hiddenSize);
    return { hiddenStates, validMask: batch.validMask };
  }

  decode(encoded: Encoded, options: DecodeOptions): Promise<readonly RowOutput[]> {
    const session = this.#graphs.decoderSession(encoded.hiddenStates, encoded.validMask, {
      heads: this.#config.num_heads,
      headSize: this.#config.d_kv,
    });
    return generate(session, {
      ...options,
      generation: this.#folder.generation,
      rows: dimension(encoded.hiddenStates, 0),
      prompt: [this.#folder.generation.decoder_start_token_id],
      decoderPositions: Number.POSITIVE_INFINITY,
    });
  }

  text(tokenIds: readonly number[]): string {
    return this.#tokenizer.decode(tokenIds).trim();
  }

  dispose(): Promise<void> {
    return this.#graphs.dispose();
  }

  /** Ids with the end-of-text token; a text beyond the limit keeps its end-of-text token. */
  #encodeText(sentence: string): readonly number[] {
    const ids = this.#tokenizer.encode(this.#prefix + sentence);
    const limit = this.#config.n_positions;
    return ids.length <= limit ? ids : [...ids.slice(0, limit - 1), ...ids.slice(-1)];
  }
}

/** Null direction: the config states none, and the text goes in as it is. */
interface TranslationTask {
  readonly direction: Direction | null;
  readonly prefix: string;
}

/** The task `translation_SOURCE_to_TARGET` for the language asked, the first one by default. */
function chooseTask(
  modelId: string,
  tasks: Readonly<Record<string, { readonly prefix: string }>>,
  language: string | null,
): TranslationTask {
  const known = Object.entries(tasks).flatMap(([name, { prefix }]) => {
    const direction = translationDirection(name);
    return direction === null ? [] : [{ direction, prefix }];
  });
  if (language === null) return known[0] ?? { direction: null, prefix: '' };
  const wanted = primaryLanguage(language);
  const chosen = known.find(({ direction }) => direction.target === wanted);
  if (chosen !== undefined) return chosen;
  const names = known.map(({ direction }) => direction.target).join(', ') || 'not stated';
  throw new VeerError(
    'LANGUAGE_UNSUPPORTED',
    `${modelId} does not write "${language}". Languages it writes: ${names}.`,
  );
}
