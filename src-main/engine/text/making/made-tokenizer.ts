/** Parts of the tokenizer.json and tokenizer_config.json that are made for models that lack them. */

/** Parsed, to be written as they are and to be given to `Tokenizer`. */
export interface MadeTokenizer {
  /** tokenizer.json */
  readonly tokenizer: object;
  /** tokenizer_config.json */
  readonly config: object;
}

export interface AddedTokenEntry {
  readonly id: number;
  readonly content: string;
  readonly single_word: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly normalized: boolean;
  readonly special: boolean;
}

export function addedToken(id: number, content: string, special = true): AddedTokenEntry {
  return {
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special,
  };
}

/** Special tokens around a text, by spelling. */
export interface MadeFrame {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** @returns null for no frame */
export function templateProcessing(
  { before, after }: MadeFrame,
  idOf: (token: string) => number,
): object | null {
  if (before.length + after.length === 0) return null;
  const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const text = (id: 'A' | 'B') => ({ Sequence: { id, type_id: 0 } });
  return {
    type: 'TemplateProcessing',
    single: [...before.map(special), text('A'), ...after.map(special)],
    pair: [...before.map(special), text('A'), text('B'), ...after.map(special)],
    special_tokens: Object.fromEntries(
      [...before, ...after].map((id) => [id, { id, ids: [idOf(id)], tokens: [id] }]),
    ),
  };
}

export function tokenizerFile(parts: {
  readonly added_tokens: readonly AddedTokenEntry[];
  readonly normalizer: object | null;
  readonly pre_tokenizer: object | null;
  readonly post_processor: object | null;
  readonly decoder: object;
  readonly model: object;
}): object {
  return { version: '1.0', truncation: null, padding: null, ...parts };
}

export const BYTE_LEVEL = {
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: true,
} as const;

/** The byte-level BPE of GPT-2 and Whisper. */
export function byteLevelModel(
  vocab: Readonly<Record<string, number>>,
  merges: readonly (readonly [string, string])[],
): object {
  return {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: '',
    end_of_word_suffix: '',
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
    vocab,
    merges,
  };
}
