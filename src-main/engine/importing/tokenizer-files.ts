/** The tokenizer of a Hugging Face folder: tokenizer.json, or made of what people have instead. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VeerError } from '../../contract/errors.ts';
import { TOKENIZER_CONFIG_FILE, TOKENIZER_FILE } from '../../contract/model-layout.ts';
import { fromByteLevelBpe } from '../text/making/from-byte-level-bpe.ts';
import { fromSentencePiece } from '../text/making/from-sentencepiece.ts';
import type { MadeTokenizer } from '../text/making/made-tokenizer.ts';
import { type Fields, readFields } from './source-model.ts';

export interface TokenizerFiles extends MadeTokenizer {
  /** How it was made; null where it was there. */
  readonly note: string | null;
}

const SENTENCEPIECE_FILES = [
  'spiece.model',
  'sentencepiece.bpe.model',
  'sentencepiece.model',
  'source.spm',
];

/**
 * @param files names in the folder
 * @throws VeerError MODEL_FILE_MISSING, MODEL_CONFIG_INVALID, TOKENIZER_MISMATCH, MODEL_FORMAT_UNSUPPORTED
 */
export async function readTokenizerFiles(
  directory: string,
  files: ReadonlySet<string>,
  config: Fields,
): Promise<TokenizerFiles> {
  const fields = async (name: string) =>
    files.has(name) ? readFields(join(directory, name)) : null;
  const tokenizerConfig = await fields(TOKENIZER_CONFIG_FILE);
  const tokenizer = await fields(TOKENIZER_FILE);
  if (tokenizer !== null) return { tokenizer, config: tokenizerConfig ?? {}, note: null };
  const made = (parts: MadeTokenizer, from: string): TokenizerFiles => ({
    ...parts,
    note: `${TOKENIZER_FILE} was made of ${from}.`,
  });
  const vocab = await fields('vocab.json');
  if (vocab !== null && files.has('merges.txt')) {
    const merges = await readFile(join(directory, 'merges.txt'), 'utf8');
    const addedTokens = await fields('added_tokens.json');
    const specialTokensMap = await fields('special_tokens_map.json');
    const parts = { vocab, merges, addedTokens, specialTokensMap, tokenizerConfig };
    return made(fromByteLevelBpe(parts), 'vocab.json and merges.txt');
  }
  const piece = SENTENCEPIECE_FILES.find((name) => files.has(name));
  if (piece !== undefined) {
    const model = await readFile(join(directory, piece));
    const layout = layoutOf(config, vocab, tokenizerConfig);
    if (layout !== null) return made(fromSentencePiece({ model, layout, tokenizerConfig }), piece);
  }
  throw new VeerError(
    'MODEL_FILE_MISSING',
    `There is no ${TOKENIZER_FILE} beside the weights, and nothing that one could be made of. Copy it from the model's own repository.`,
  );
}

type Layout = Parameters<typeof fromSentencePiece>[0]['layout'];

function layoutOf(
  config: Fields,
  vocab: Fields | null,
  tokenizerConfig: Fields | null,
): Layout | null {
  const vocabulary = vocab === null ? null : numbersOf(vocab);
  const extra = tokenizerConfig?.['extra_ids'];
  switch (config['model_type']) {
    case 't5':
    case 'mt5':
      return {
        kind: 't5',
        vocabSize: Number(config['vocab_size']),
        ...(typeof extra === 'number' ? { extraIds: extra } : {}),
      };
    case 'marian':
      return vocabulary && { kind: 'marian', vocabulary };
    case 'm2m_100':
      // NLLB has no vocab.json: its ids are fairseq's.
      return vocabulary ? { kind: 'm2m_100', vocabulary } : fairseq(tokenizerConfig);
    case 'mbart':
      return fairseq(tokenizerConfig);
    default:
      return null;
  }
}

/** The languages follow the pieces, in the order in which the config lists them. */
function fairseq(tokenizerConfig: Fields | null): Layout | null {
  const listed = tokenizerConfig?.['additional_special_tokens'];
  if (!Array.isArray(listed)) return null;
  return { kind: 'fairseq', languages: listed.filter((token) => typeof token === 'string') };
}

function numbersOf(vocab: Fields): Record<string, number> {
  return Object.fromEntries(
    Object.entries(vocab).flatMap(([token, id]) => (typeof id === 'number' ? [[token, id]] : [])),
  );
}
