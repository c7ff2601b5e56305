/**
 * Text to token ids and back, from the `tokenizer.json` of a Hugging Face folder. The algorithm is
 * `@huggingface/tokenizers`; this file adds the check that the files belong to the model beside
 * them. Its ids equal those of the Python library but for emoji joined by U+200D, where the library
 * makes an unknown token of each part.
 */

import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { VeerError } from '../../contract/errors.ts';

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
  readonly #tokenizer: HuggingFaceTokenizer;

  /** @throws VeerError TOKENIZER_MISMATCH where the files are those of another model, or damaged */
  constructor(options: TokenizerOptions) {
    const { directory } = options;
    try {
      this.#tokenizer = new HuggingFaceTokenizer(options.tokenizer, options.config);
    } catch (cause) {
      throw mismatch(directory, 'it cannot be read', cause);
    }
    const ids = [...this.#tokenizer.get_vocab(true).values()];
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
      if (!this.#tokenizer.get_added_tokens_decoder().has(id)) {
        throw mismatch(directory, `its token ${id} does not end a text, the model's does`);
      }
    }
  }

  /** Token ids of `text`, with the special tokens that the tokenizer's own inputs carry. */
  encode(text: string): number[] {
    return this.#tokenizer.encode(text).ids;
  }

  /** Token ids of `text` alone. */
  encodePlain(text: string): number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  /** The special tokens that `encode` puts before and after a text. */
  get frame(): { readonly before: readonly number[]; readonly after: readonly number[] } {
    const [framed, plain] = [this.encode('a'), this.encodePlain('a')];
    const start = framed.findIndex((_, at) => plain.every((id, i) => framed[at + i] === id));
    return { before: framed.slice(0, start), after: framed.slice(start + plain.length) };
  }

  /** Text of `ids`, special tokens left out. */
  decode(ids: readonly number[]): string {
    // The library refuses an empty list; a model that has nothing to say gives one.
    if (ids.length === 0) return '';
    return this.#tokenizer.decode([...ids], { skip_special_tokens: true });
  }

  /** The same without tidying the spaces around punctuation, so that parts add up to the whole. */
  decodeExactly(ids: readonly number[]): string {
    if (ids.length === 0) return '';
    return this.#tokenizer.decode([...ids], {
      skip_special_tokens: true,
      clean_up_tokenization_spaces: false,
    });
  }

  /** Spellings of all tokens. */
  get tokens(): Iterable<string> {
    return this.#tokenizer.get_vocab(true).keys();
  }

  /** Id of a token by its spelling, or undefined. */
  tokenId(token: string): number | undefined {
    return this.#tokenizer.token_to_id(token);
  }
}

function mismatch(directory: string, detail: string, cause?: unknown): VeerError {
  return new VeerError(
    'TOKENIZER_MISMATCH',
    `The tokenizer in ${directory} does not fit the model: ${detail}. Copy tokenizer.json and tokenizer_config.json from the model's own repository.`,
    { cause },
  );
}
