/** A tokenizer of a SentencePiece model and, for most families, of a vocabulary beside it. */

import { type LaidOut, layOut, mismatch, type SentencePieceLayout } from './layouts.ts';
import {
  addedToken,
  type MadeTokenizer,
  templateProcessing,
  tokenizerFile,
} from './made-tokenizer.ts';
import { type PlacedMerge, pieceMerges } from './piece-merges.ts';
import {
  type Piece,
  readSentencePieceModel,
  type SentencePieceModel,
} from './sentencepiece-model.ts';

export interface SentencePieceFiles {
  /** Bytes of the `.model` or `.spm` file. */
  readonly model: Uint8Array;
  readonly layout: SentencePieceLayout;
  /** Parsed tokenizer_config.json; what it states goes before what is known of the family. */
  readonly tokenizerConfig?: Readonly<Record<string, unknown>> | null;
}

/**
 * Ids are those of the Python package `sentencepiece`, looked up in the vocabulary; special tokens that
 * a text spells out are found as in Hugging Face's tokenizers. Other programs read the files too, with
 * the small differences in normalising that tokenizer.json brings; ours goes by `sentencepiece` of the
 * config (`pipeline/sentencepiece.ts`).
 *
 * @throws VeerError MODEL_FILE_DAMAGED, MODEL_FORMAT_UNSUPPORTED; TOKENIZER_MISMATCH where the
 *   vocabulary has next to no piece of the model
 */
export function fromSentencePiece(files: SentencePieceFiles): MadeTokenizer {
  const model = readSentencePieceModel(files.model);
  const laidOut = layOut(model, files.layout);
  const vocabulary = new Map(laidOut.tokens.map((token, id) => [token, id]));
  if (vocabulary.size !== laidOut.tokens.length) throw mismatch('it has a token twice');
  const unknownId = vocabulary.get(laidOut.unknown);
  if (unknownId === undefined) throw mismatch(`it has no ${laidOut.unknown}`);
  const pieces = model.pieces.filter(({ kind }) => kind === 'normal' || kind === 'user-defined');
  const missing = pieces.filter(({ text }) => !vocabulary.has(text));
  if (2 * missing.length > pieces.length) {
    throw mismatch(`it lacks ${missing.length} of ${pieces.length} pieces`);
  }
  const made: Making = { model, laidOut, vocabulary, unknownId, pieces, missing };
  const { file, passing } = model.algorithm === 'unigram' ? unigramOf(made) : bpeOf(made);
  return {
    tokenizer: tokenizerFile({
      added_tokens: [
        ...laidOut.special.map((token) => ({ token, special: true })),
        // For others: our own reading takes them from the facts. A prefix would stand after each.
        ...(model.addDummyPrefix ? [] : symbolsOf(pieces)).map((token) => ({
          token,
          special: false,
        })),
      ].flatMap(({ token, special }) => {
        const id = vocabulary.get(token);
        return id === undefined ? [] : [addedToken(id, token, special)];
      }),
      ...textParts(model),
      post_processor: templateProcessing(laidOut.frame, (token) => idOf(made, token)),
      model: file,
    }),
    config: {
      clean_up_tokenization_spaces: false,
      ...laidOut.config,
      ...files.tokenizerConfig,
      sentencepiece: factsOf(made, passing),
    },
  };
}

interface Making {
  readonly model: SentencePieceModel;
  readonly laidOut: LaidOut;
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly unknownId: number;
  /** Those that texts are cut into. */
  readonly pieces: readonly Piece[];
  /** Those of them that the vocabulary lacks. */
  readonly missing: readonly Piece[];
}

function idOf({ vocabulary }: Making, token: string): number {
  const id = vocabulary.get(token);
  if (id === undefined) throw mismatch(`it has no ${token}`);
  return id;
}

interface MadeModel {
  readonly file: object;
  readonly passing: readonly PlacedMerge[];
}

function unigramOf({ model, laidOut, unknownId, pieces }: Making): MadeModel {
  const scores = new Map(pieces.map(({ text, score }) => [text, score]));
  // What no text is cut into; others, who do not know the list of it, at least like it least.
  const never = pieces.reduce((low, { score }) => Math.min(low, score), 0);
  return {
    file: {
      type: 'Unigram',
      unk_id: unknownId,
      vocab: laidOut.tokens.map((token) => [token, scores.get(token) ?? never]),
      byte_fallback: model.byteFallback,
    },
    passing: [],
  };
}

function bpeOf({ model, laidOut, vocabulary, pieces }: Making): MadeModel {
  const normal = pieces.filter(({ kind }) => kind === 'normal');
  const { merges, passing } = pieceMerges(normal, (piece) => vocabulary.has(piece));
  const vocab: Record<string, number> = Object.create(null);
  for (const [token, id] of vocabulary) vocab[token] = id;
  return {
    file: {
      type: 'BPE',
      dropout: null,
      unk_token: laidOut.unknown,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: model.byteFallback,
      ignore_merges: false,
      vocab,
      merges,
    },
    passing,
  };
}

function factsOf(
  { model, laidOut, pieces, missing }: Making,
  merges: readonly PlacedMerge[],
): object {
  const spoken = new Set(pieces.map(({ text }) => text));
  return {
    add_dummy_prefix: model.addDummyPrefix,
    remove_extra_whitespaces: model.removeExtraWhitespaces,
    escape_whitespaces: model.escapeWhitespaces,
    symbols: symbolsOf(pieces),
    silent: laidOut.tokens.flatMap((token, id) => (spoken.has(token) ? [] : [id])),
    passing: missing.map(({ text, score }) => ({ piece: text, score })),
    merges,
  };
}

function symbolsOf(pieces: readonly Piece[]): readonly string[] {
  return pieces.flatMap(({ text, kind }) => (kind === 'user-defined' ? [text] : []));
}

/** The parts before and after the model, as near to SentencePiece as others can come. */
function textParts(model: SentencePieceModel) {
  const charsmap = Buffer.from(model.charsmap).toString('base64');
  const prefix = model.addDummyPrefix;
  const replace = (pattern: object, content: string) => ({ type: 'Replace', pattern, content });
  return {
    normalizer: {
      type: 'Sequence',
      normalizers: [
        ...(charsmap === '' ? [] : [{ type: 'Precompiled', precompiled_charsmap: charsmap }]),
        ...(model.removeExtraWhitespaces
          ? [
              { type: 'Strip', strip_left: true, strip_right: true },
              replace({ Regex: ' {2,}' }, ' '),
            ]
          : []),
        ...(prefix ? [{ type: 'Prepend', prepend: model.escapeWhitespaces ? '▁' : ' ' }] : []),
        ...(model.escapeWhitespaces ? [replace({ String: ' ' }, '▁')] : []),
      ],
    },
    pre_tokenizer: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        replace({ String: '▁' }, ' '),
        ...(model.byteFallback ? [{ type: 'ByteFallback' }] : []),
        { type: 'Fuse' },
        ...(prefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
  };
}
