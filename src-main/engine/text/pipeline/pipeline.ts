/**
 * What a tokenizer.json says, carried out: added tokens, normaliser, pre-tokenizer, model,
 * post-processor, decoder, in the order and with the results of the Python package `tokenizers`.
 * A part that is not known is refused by name.
 */

import { AddedTokens, readAddedToken } from './added-tokens.ts';
import { makeDecoder } from './decoders.ts';
import { asList, asPart } from './fields.ts';
import { type Model, makeModel } from './model.ts';
import { makeNormalizer } from './normalizers.ts';
import { type Frame, makePostProcessor } from './post-processors.ts';
import { makePreTokenizer } from './pre-tokenizers.ts';
import { readSentencePieceFacts, sentencePieceNormalizer } from './sentencepiece.ts';
import type { Normalize, PreTokenize } from './steps.ts';

export class Pipeline {
  /** All tokens, added ones among them. */
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly addedIds: ReadonlySet<number>;
  readonly #tokens: ReadonlyMap<number, string>;
  readonly #specialIds: ReadonlySet<number>;
  readonly #raw: AddedTokens;
  readonly #normalized: AddedTokens;
  readonly #normalize: Normalize;
  readonly #preTokenize: PreTokenize;
  readonly #model: Model;
  readonly #frame: Frame;
  readonly #decode: (tokens: readonly string[]) => string;

  /**
   * @param tokenizer parsed tokenizer.json
   * @param config parsed tokenizer_config.json
   * @throws UnsupportedPart
   */
  constructor(tokenizer: object, config: object) {
    const file = asPart(tokenizer, 'content');
    const facts = readSentencePieceFacts(asPart(config, 'tokenizer_config.json'));
    this.#normalize =
      facts === null
        ? makeNormalizer(file['normalizer'])
        : sentencePieceNormalizer(file['normalizer'], facts);
    this.#preTokenize = makePreTokenizer(facts === null ? file['pre_tokenizer'] : null);
    this.#model = makeModel(file['model'], facts);
    this.#frame = makePostProcessor(file['post_processor']);
    this.#decode = makeDecoder(file['decoder']);
    const added = asList(file['added_tokens'] ?? [], 'added_tokens').map(readAddedToken);
    // SentencePiece finds its own symbols itself, and counts them as part of the text around them.
    const symbols = new Set(facts?.symbols);
    const found = added.filter(({ content }) => !symbols.has(content));
    const isLate = (token: { readonly normalized: boolean }) =>
      token.normalized && facts === null && (file['normalizer'] ?? null) !== null;
    this.#raw = new AddedTokens(
      found.filter((token) => !isLate(token)),
      (content) => content,
    );
    this.#normalized = new AddedTokens(found.filter(isLate), this.#normalize);
    const vocabulary = new Map(this.#model.vocabulary);
    for (const { content, id } of added) vocabulary.set(content, id);
    this.vocabulary = vocabulary;
    this.addedIds = new Set(added.map(({ id }) => id));
    this.#specialIds = new Set(added.filter(({ special }) => special).map(({ id }) => id));
    const tokens = new Map<number, string>();
    for (const [token, id] of vocabulary) tokens.set(id, token);
    this.#tokens = tokens;
  }

  /** @param framed with the special tokens that the post-processor puts around a text */
  encode(text: string, framed: boolean): number[] {
    const ids: number[] = [];
    for (const section of this.#raw.split(text.toWellFormed())) {
      if (section.id !== null) {
        ids.push(section.id);
        continue;
      }
      for (const inner of this.#normalized.split(this.#normalize(section.text))) {
        const atStart = section.start === 0 && inner.start === 0;
        if (inner.id === null) ids.push(...this.#encodePlain(inner.text, atStart));
        else ids.push(inner.id);
      }
    }
    return framed ? [...this.#frame(ids)] : ids;
  }

  #encodePlain(text: string, atStart: boolean): readonly number[] {
    return this.#preTokenize([text], atStart).flatMap((piece) => this.#model.encode(piece));
  }

  /** Special tokens and ids that there are not are left out. */
  decode(ids: readonly number[]): string {
    const tokens = ids.flatMap((id) => {
      const token = this.#specialIds.has(id) ? undefined : this.#tokens.get(id);
      return token === undefined ? [] : [token];
    });
    return this.#decode(tokens);
  }
}
