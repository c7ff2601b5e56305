/** A tokenizer of vocab.json and merges.txt, as Whisper, BART and RoBERTa have them. */

import { VeerError } from '../../../contract/errors.ts';
import {
  type AddedTokenEntry,
  addedToken,
  BYTE_LEVEL,
  byteLevelModel,
  type MadeTokenizer,
  templateProcessing,
  tokenizerFile,
} from './made-tokenizer.ts';
import { isSpecial } from './whisper-tokens.ts';

export interface ByteLevelBpe {
  /** Parsed vocab.json: characters of the byte level, or special tokens, to ids. */
  readonly vocab: Readonly<Record<string, unknown>>;
  /** Text of merges.txt. */
  readonly merges: string;
  /** Parsed added_tokens.json: spelling to id. */
  readonly addedTokens?: Readonly<Record<string, unknown>> | null;
  /** Parsed special_tokens_map.json. */
  readonly specialTokensMap?: Readonly<Record<string, unknown>> | null;
  /** Parsed tokenizer_config.json. */
  readonly tokenizerConfig?: Readonly<Record<string, unknown>> | null;
}

const ROLES = [
  'bos_token',
  'eos_token',
  'unk_token',
  'sep_token',
  'pad_token',
  'cls_token',
  'mask_token',
] as const;

/**
 * Whisper's own tokens (language, task, timestamps) come from added_tokens.json or from
 * `added_tokens_decoder` of tokenizer_config.json.
 *
 * @throws VeerError TOKENIZER_MISMATCH where the files are no vocabulary and merges of the byte level
 */
export function fromByteLevelBpe(files: ByteLevelBpe): MadeTokenizer {
  const config = { ...files.tokenizerConfig };
  const vocab = checkIds(files.vocab, 'vocab.json');
  const map = { ...config, ...files.specialTokensMap };
  const roles = new Map(
    ROLES.flatMap((role) => {
      const token = spellingOf(map[role]);
      return token === null ? [] : [[role, token] as const];
    }),
  );
  const added = addedEntries(
    files,
    vocab,
    config,
    new Set([...roles.values(), ...extraSpecial(map)]),
  );
  const ids = new Map([
    ...Object.entries(vocab),
    ...added.map(({ content, id }) => [content, id] as const),
  ]);
  const idOf = (token: string) => ids.get(token);
  const isWhisper = ids.has('<|startoftranscript|>');
  const prefix = config['add_prefix_space'] === true;
  const level = { ...BYTE_LEVEL, add_prefix_space: prefix };
  return {
    tokenizer: tokenizerFile({
      added_tokens: added,
      normalizer: null,
      pre_tokenizer: level,
      post_processor: isWhisper ? whisperFrame(idOf) : robertaFrame(roles, idOf, prefix),
      decoder: level,
      model: byteLevelModel(vocab, parseMerges(files.merges, vocab)),
    }),
    config: {
      tokenizer_class: isWhisper ? 'WhisperTokenizer' : 'BartTokenizer',
      clean_up_tokenization_spaces: false,
      ...config,
      ...Object.fromEntries(roles),
    },
  };
}

function checkIds(
  value: Readonly<Record<string, unknown>>,
  file: string,
): Readonly<Record<string, number>> {
  const ids: Record<string, number> = Object.create(null);
  for (const [token, id] of Object.entries(value)) {
    if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0) {
      throw mismatch(`${file} gives "${token.slice(0, 40)}" no id`);
    }
    ids[token] = id;
  }
  return ids;
}

/** A token stands as text or as an object with its content. */
function spellingOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || !('content' in value)) return null;
  return typeof value.content === 'string' ? value.content : null;
}

function extraSpecial(map: Readonly<Record<string, unknown>>): readonly string[] {
  const extra = map['additional_special_tokens'] ?? map['extra_special_tokens'];
  return Array.isArray(extra) ? extra.flatMap((token) => spellingOf(token) ?? []) : [];
}

function addedEntries(
  { addedTokens }: ByteLevelBpe,
  vocab: Readonly<Record<string, number>>,
  config: Readonly<Record<string, unknown>>,
  special: ReadonlySet<string>,
): readonly AddedTokenEntry[] {
  const entries = new Map<number, AddedTokenEntry>();
  for (const token of special) {
    const id = vocab[token];
    if (id !== undefined) entries.set(id, addedToken(id, token));
  }
  for (const [token, id] of Object.entries(checkIds({ ...addedTokens }, 'added_tokens.json'))) {
    entries.set(id, addedToken(id, token, special.has(token) || isSpecial(token)));
  }
  const decoder = config['added_tokens_decoder'];
  if (typeof decoder === 'object' && decoder !== null) {
    for (const [key, value] of Object.entries(decoder)) {
      const content = spellingOf(value);
      const id = Number(key);
      if (content === null || !Number.isSafeInteger(id) || id < 0) {
        throw mismatch(`tokenizer_config.json has no spelling or no id of the token ${key}`);
      }
      entries.set(id, { ...addedToken(id, content), ...flagsOf(value), id, content });
    }
  }
  return [...entries.values()].toSorted((a, b) => a.id - b.id);
}

const FLAGS = ['single_word', 'lstrip', 'rstrip', 'normalized', 'special'] as const;

function flagsOf(value: object): Partial<AddedTokenEntry> {
  const flags = Object.entries(value).filter(
    ([key, flag]) => FLAGS.some((known) => known === key) && typeof flag === 'boolean',
  );
  return Object.fromEntries(flags);
}

/** The first line may say the version; of a line without two tokens there is none but the last. */
function parseMerges(
  text: string,
  vocab: Readonly<Record<string, number>>,
): readonly (readonly [string, string])[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  return lines.flatMap((line, i) => {
    if (i === 0 && line.startsWith('#version')) return [];
    const [left, right, ...more] = line.split(' ');
    if (left === undefined || right === undefined || more.length > 0) {
      throw mismatch(`line ${i + 1} of merges.txt is not two tokens`);
    }
    if ([left, right, left + right].some((token) => vocab[token] === undefined)) {
      throw mismatch(`merges.txt merges "${line.slice(0, 40)}", which vocab.json does not have`);
    }
    return [[left, right] as const];
  });
}

type IdOf = (token: string) => number | undefined;

function whisperFrame(idOf: IdOf): object | null {
  const before = ['<|startoftranscript|>', '<|notimestamps|>'];
  return frame(before, ['<|endoftext|>'], idOf);
}

function frame(before: readonly string[], after: readonly string[], idOf: IdOf): object | null {
  const known = [...before, ...after].filter((token) => idOf(token) !== undefined);
  const keep = (tokens: readonly string[]) => tokens.filter((token) => known.includes(token));
  return templateProcessing({ before: keep(before), after: keep(after) }, (t) => idOf(t) ?? 0);
}

function robertaFrame(
  roles: ReadonlyMap<string, string>,
  idOf: IdOf,
  prefix: boolean,
): object | null {
  const cls = roles.get('cls_token') ?? roles.get('bos_token') ?? '<s>';
  const sep = roles.get('sep_token') ?? roles.get('eos_token') ?? '</s>';
  const [first, last] = [idOf(cls), idOf(sep)];
  if (first === undefined || last === undefined) return null;
  return {
    type: 'RobertaProcessing',
    sep: [sep, last],
    cls: [cls, first],
    trim_offsets: true,
    add_prefix_space: prefix,
  };
}

function mismatch(detail: string): VeerError {
  return new VeerError(
    'TOKENIZER_MISMATCH',
    `No tokenizer can be made of vocab.json and merges.txt: ${detail}. Copy both from the model's own repository.`,
  );
}
