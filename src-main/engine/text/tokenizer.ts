/**
 * Text to token ids and back, from the `tokenizer.json` of a Hugging Face folder: `pipeline/` carries
 * out what the file says; this file adds the check that the files belong to the model beside them.
 */

import { VeerError } from '../../contract/errors.ts';
import { tidySpaces } from './pipeline/bert.ts';
import { UnsupportedPart } from './pipeline/fields.ts';
import { Pipeline } from './pipeline/pipeline.ts';

export interface TokenizerOptions {
  /** Parsed tokenizer.json. */
  readonly tokenizer: object;
  /** Parsed tokenizer_config.json. */
  readonly config: object;
  /** `vocab_size` of the model: ids from 0 to vocabSize − 1 exist in its embedding. */
  readonly vocabSize: number;
  /** Ids that end a text; each must be a token of its own here. */
  readonly endOfTextIds: readonly number[];
  /** Folder, for messages. */
  readonly directory: string;
}

export class Tokenizer {
  readonly #pipeline: Pipeline;
  readonly #tidies: boolean;

  /**
   * @throws VeerError TOKENIZER_MISMATCH where the files are those of another model, damaged, or ask
   *   for something that is not known here
   */
  constructor(options: TokenizerOptions) {
    const { directory, config } = options;
    this.#pipeline = open(options);
    // Missing means no: the Python library no longer writes it.
    this.#tidies =
      'clean_up_tokenization_spaces' in config
        ? config.clean_up_tokenization_spaces === true
        : false;
    const ids = [...this.#pipeline.vocabulary.values()];
    const highest = ids.reduce((max, id) => Math.max(max, id), -1);
    if (highest >= options.vocabSize) {
      throw mismatch(
        directory,
        `it has token ${highest}, the model only ${options.vocabSize} tokens`,
      );
    }
    // Embeddings are often padded to a round number (T5: 32,128 for 32,100 tokens), never doubled.
    if (ids.length < 0.9 * options.vocabSize) {
      throw mismatch(directory, `it has ${ids.length} tokens, the model ${options.vocabSize}`);
    }
    for (const id of options.endOfTextIds) {
      if (!this.#pipeline.addedIds.has(id)) {
        throw mismatch(directory, `its token ${id} does not end a text, the model's does`);
      }
    }
  }

  /** Token ids of `text`, with the special tokens that the tokenizer's own inputs carry. */
  encode(text: string): number[] {
    return this.#pipeline.encode(text, true);
  }

  /** Token ids of `text` alone. */
  encodePlain(text: string): number[] {
    return this.#pipeline.encode(text, false);
  }

  /** The special tokens that `encode` puts before and after a text. */
  get frame(): { readonly before: readonly number[]; readonly after: readonly number[] } {
    const [framed, plain] = [this.encode('a'), this.encodePlain('a')];
    const start = framed.findIndex((_, at) => plain.every((id, i) => framed[at + i] === id));
    return { before: framed.slice(0, start), after: framed.slice(start + plain.length) };
  }

  /** Text of `ids`, special tokens left out. */
  decode(ids: readonly number[]): string {
    const text = this.#pipeline.decode(ids);
    return this.#tidies ? tidySpaces(text) : text;
  }

  /** The same without tidying the spaces around punctuation, so that parts add up to the whole. */
  decodeExactly(ids: readonly number[]): string {
    return this.#pipeline.decode(ids);
  }

  /** Spellings of all tokens. */
  get tokens(): Iterable<string> {
    return this.#pipeline.vocabulary.keys();
  }

  /** Id of a token by its spelling, or undefined. */
  tokenId(token: string): number | undefined {
    return this.#pipeline.vocabulary.get(token);
  }
}

function open({ tokenizer, config, directory }: TokenizerOptions): Pipeline {
  try {
    return new Pipeline(tokenizer, config);
  } catch (cause) {
    if (cause instanceof UnsupportedPart) throw mismatch(directory, cause.message, cause);
    throw cause;
  }
}

function mismatch(directory: string, detail: string, cause?: unknown): VeerError {
  return new VeerError(
    'TOKENIZER_MISMATCH',
    `The tokenizer in ${directory} does not fit the model: ${detail}. Copy tokenizer.json and tokenizer_config.json from the model's own repository.`,
    { cause },
  );
}
