/** Which ids a family gives to the pieces of its SentencePiece model, and what it adds to them. */

import { VeerError } from '../../../contract/errors.ts';
import type { MadeFrame } from './made-tokenizer.ts';
import type { SentencePieceModel } from './sentencepiece-model.ts';

export type SentencePieceLayout =
  /** T5, mT5, Flan-T5, MADLAD: ids as in the model, then sentinels, the highest number first. */
  | {
      readonly kind: 't5';
      /** `vocab_size` of config.json: whether there is room for sentinels. */
      readonly vocabSize: number;
      /** Left out: 100 where there is room for them, as the models of T5 have them, else none. */
      readonly extraIds?: number;
    }
  /** Marian (OPUS-MT): vocab.json gives the ids; `model` is source.spm. */
  | { readonly kind: 'marian'; readonly vocabulary: Readonly<Record<string, number>> }
  /** M2M100, SMaLL-100: vocab.json gives the ids, the languages follow. */
  | {
      readonly kind: 'm2m_100';
      readonly vocabulary: Readonly<Record<string, number>>;
      /** Tokens in their order; left out: the 100 of M2M100. */
      readonly languages?: readonly string[];
    }
  /** NLLB, mBART: fairseq's four special tokens, the pieces one id later, the languages, the mask. */
  | { readonly kind: 'fairseq'; readonly languages: readonly string[] }
  /**
   * CTranslate2, Argos: pieces by id (shared_vocabulary.json). Where source and target have vocabularies
   * of their own, each side needs a tokenizer of its own. `frame` as config.json has it; Argos has none.
   */
  | { readonly kind: 'listed'; readonly pieces: readonly string[]; readonly frame?: MadeFrame };

export interface LaidOut {
  /** Spelling by id; ids without one have a name of their own. */
  readonly tokens: readonly string[];
  readonly special: readonly string[];
  readonly unknown: string;
  readonly frame: MadeFrame;
  /** For tokenizer_config.json. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Of T5 (Raffel et al. 2020). */
const SENTINELS = 100;

/** The languages of M2M100 in the order of their ids (fairseq, "m2m100"). */
const M2M100_LANGUAGES =
  'af am ar ast az ba be bg bn br bs ca ceb cs cy da de el en es et fa ff fi fr fy ga gd gl gu ha he hi hr ht hu hy id ig ilo is it ja jv ka kk km kn ko lb lg ln lo lt lv mg mk ml mn mr ms my ne nl no ns oc or pa pl ps pt ro ru sd si sk sl so sq sr ss su sv sw ta th tl tn tr uk ur uz vi wo xh yi yo zh zu'
    .split(' ')
    .map((code) => `__${code}__`);

/** @throws VeerError TOKENIZER_MISMATCH where the ids are not those of a vocabulary */
export function layOut(model: SentencePieceModel, layout: SentencePieceLayout): LaidOut {
  const pieces = model.pieces.map(({ text }) => text);
  const control = model.pieces.flatMap(({ text, kind }) =>
    kind === 'control' || kind === 'unknown' ? [text] : [],
  );
  const unknown = pieces[model.unknownId] ?? '<unk>';
  const end = { before: [], after: ['</s>'] };
  switch (layout.kind) {
    case 't5': {
      const room = layout.vocabSize - pieces.length;
      const extraIds = layout.extraIds ?? (room >= SENTINELS ? SENTINELS : 0);
      const sentinels = Array.from(
        { length: extraIds },
        (_, i) => `<extra_id_${extraIds - 1 - i}>`,
      );
      return {
        tokens: [...pieces, ...sentinels],
        special: [...control, ...sentinels],
        unknown,
        frame: end,
        config: { tokenizer_class: 'T5Tokenizer', extra_ids: extraIds },
      };
    }
    case 'marian': {
      const tokens = byId(layout.vocabulary);
      const languages = tokens.filter((token) => /^>>.+<<$/.test(token));
      return {
        tokens,
        special: [
          ...['</s>', '<unk>', '<pad>'].filter((token) => tokens.includes(token)),
          ...languages,
        ],
        unknown: '<unk>',
        frame: end,
        config: { tokenizer_class: 'MarianTokenizer' },
      };
    }
    case 'm2m_100': {
      const listed = byId(layout.vocabulary);
      const languages = layout.languages ?? M2M100_LANGUAGES;
      const known = new Set(listed);
      return {
        tokens: [...listed, ...languages.filter((token) => !known.has(token))],
        special: ['<s>', '<pad>', '</s>', '<unk>', ...languages],
        unknown: '<unk>',
        frame: end,
        config: { tokenizer_class: 'M2M100Tokenizer' },
      };
    }
    case 'fairseq': {
      const first = ['<s>', '<pad>', '</s>', '<unk>'];
      // The first three of the model are <unk>, <s> and </s>.
      return {
        tokens: [...first, ...pieces.slice(3), ...layout.languages, '<mask>'],
        special: [...first, ...layout.languages, '<mask>'],
        unknown: '<unk>',
        frame: end,
        config: { tokenizer_class: 'NllbTokenizer' },
      };
    }
    case 'listed': {
      const special = layout.pieces.filter((token) => LISTED_SPECIAL.test(token));
      return {
        tokens: layout.pieces,
        special,
        unknown: '<unk>',
        frame: layout.frame ?? { before: [], after: [] },
        config: {},
      };
    }
  }
}

/** Tokens of OpenNMT, Marian, M2M100, NLLB and mBART that are no pieces of text. */
const LISTED_SPECIAL =
  /^(?:<(?:s|\/s|unk|pad|blank|mask)>|>>.+<<|__[a-z]{2,3}__|[a-z]{3}_[A-Z][a-z]{3}|[a-z]{2}_[A-Z]{2}|<extra_id_\d+>)$/;

function byId(vocabulary: Readonly<Record<string, number>>): readonly string[] {
  const entries = Object.entries(vocabulary);
  const tokens = new Array<string | undefined>(entries.length).fill(undefined);
  for (const [token, id] of entries) {
    if (!Number.isSafeInteger(id) || id < 0 || id >= entries.length || tokens[id] !== undefined) {
      throw mismatch(
        `it gives "${token.slice(0, 40)}" the id ${id}, and has ${entries.length} tokens`,
      );
    }
    tokens[id] = token;
  }
  return tokens.map((token) => token ?? '');
}

export function mismatch(detail: string): VeerError {
  return new VeerError(
    'TOKENIZER_MISMATCH',
    `The vocabulary does not fit the SentencePiece model: ${detail}. Copy both from the model's own repository.`,
  );
}
