/** CTranslate2 folders (faster-whisper, converted translators) and Argos packages. */

import { readFile } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { VeerError } from '../../contract/errors.ts';
import { TOKENIZER_FILE } from '../../contract/model-layout.ts';
import { fromWhisperVocabulary } from '../text/making/from-ggml-tokens.ts';
import { fromSentencePiece } from '../text/making/from-sentencepiece.ts';
import {
  type Ctranslate2Checkpoint,
  openCtranslate2,
} from '../weights/ctranslate2/open-ctranslate2.ts';
import { readCtranslate2Vocabulary } from '../weights/ctranslate2/vocabulary.ts';
import type { RecognisedSource } from './recognise-source.ts';
import { carriedFiles, type Fields, readFields, type SourceModel } from './source-model.ts';
import { readTokenizerFiles, type TokenizerFiles } from './tokenizer-files.ts';
import { whisperFields } from './whisper-fields.ts';
import { zeroStart } from './zero-start.ts';

const VOCABULARIES = ['shared_vocabulary', 'vocabulary', 'target_vocabulary'] as const;

/**
 * @throws VeerError as `openCtranslate2`, MODEL_FILE_MISSING, TOKENIZER_MISMATCH, MODEL_CONFIG_INVALID,
 *   MODEL_FORMAT_UNSUPPORTED for two vocabularies
 */
export async function readCtranslate2Source(source: RecognisedSource): Promise<SourceModel> {
  const { directory: top, files, weights = null, format } = source;
  const model = weights ?? 'model.bin';
  const within = posix.dirname(model);
  const folder = within === '.' ? '' : `${within}/`;
  const has = (name: string) => files.has(`${folder}${name}`);
  const directory = join(top, within);
  const vocabulary = await readVocabulary(directory, has);
  const configJson = has('config.json')
    ? await readFile(join(directory, 'config.json'), 'utf8')
    : null;
  const checkpoint = await openCtranslate2(join(top, model), configJson, vocabulary);
  const common = {
    format,
    weights: checkpoint.weights,
    weightFiles: [join(top, model)],
    carried: carriedFiles(top, files.keys()),
  };
  try {
    const beside = new Set([...files.keys()].filter((name) => !name.includes('/')));
    if (checkpoint.whisper !== null) {
      const { whisper } = checkpoint;
      const parts = await whisperParts(checkpoint, whisper, vocabulary, directory, files);
      return { ...common, ...parts };
    }
    const languages = format === 'argos' ? await argosLanguages(top) : {};
    return {
      ...common,
      ...(await translatorParts(checkpoint, vocabulary, top, beside, languages)),
    };
  } catch (error) {
    await checkpoint.weights.close();
    throw error;
  }
}

type Parts = Omit<SourceModel, 'format' | 'weights' | 'weightFiles' | 'carried'>;

async function whisperParts(
  { config }: Ctranslate2Checkpoint,
  whisper: NonNullable<Ctranslate2Checkpoint['whisper']>,
  vocabulary: readonly string[] | null,
  directory: string,
  files: ReadonlyMap<string, number>,
): Promise<Parts> {
  const names = new Set(files.keys());
  const list = names.has(TOKENIZER_FILE) ? null : vocabulary;
  const tokens: TokenizerFiles =
    list === null
      ? await readTokenizerFiles(directory, names, config)
      : { ...fromWhisperVocabulary(list), note: `${TOKENIZER_FILE} was made of the vocabulary.` };
  const { suppressIds, suppressIdsBegin, alignmentHeads } = whisper;
  const stated = {
    suppressTokens: orNull(suppressIds),
    beginSuppressTokens: orNull(suppressIdsBegin),
    alignmentHeads: orNull(alignmentHeads),
  };
  const { notes, ...fields } = whisperFields(config, tokens, stated, basename(directory));
  const own = files.has('preprocessor_config.json')
    ? await readFields(join(directory, 'preprocessor_config.json'))
    : {};
  return {
    ...fields,
    preprocessor: { ...fields.preprocessor, ...own },
    tokenizer: tokens.tokenizer,
    tokenizerConfig: tokens.config,
    notes: [...notes, ...noteOf(tokens)],
  };
}

async function translatorParts(
  { config, tokens }: Ctranslate2Checkpoint,
  vocabulary: readonly string[] | null,
  directory: string,
  files: ReadonlySet<string>,
  languages: Fields,
): Promise<Parts> {
  if (vocabulary === null || tokens === null) {
    throw new VeerError(
      'MODEL_FILE_MISSING',
      'There is no vocabulary beside model.bin (shared_vocabulary.json or .txt). Copy the whole folder.',
    );
  }
  const made = await tokenizerOf(directory, files, config, vocabulary, tokens);
  const idOf = (token: string) => {
    const id = vocabulary.indexOf(token);
    return id === -1 ? null : id;
  };
  const end = idOf(tokens.eosToken);
  const start = tokens.decoderStartToken === null ? end : idOf(tokens.decoderStartToken);
  const zero = zeroStart(config);
  const ids = {
    bos_token_id: idOf(tokens.bosToken),
    eos_token_id: end,
    pad_token_id: idOf('<pad>') ?? idOf('<blank>') ?? end,
    decoder_start_token_id: start,
    ...zero.ids,
  };
  return {
    config: { ...config, ...zero.config, ...ids },
    generation: { ...ids, ...zero.generation, max_length: 512 },
    preprocessor: null,
    tokenizer: made.tokenizer,
    tokenizerConfig: { ...made.config, ...languages },
    notes: ['generation_config.json was derived from the vocabulary.', ...noteOf(made)],
  };
}

/** tokenizer.json where there is one; else of the SentencePiece model and the vocabulary. */
async function tokenizerOf(
  directory: string,
  files: ReadonlySet<string>,
  config: Fields,
  vocabulary: readonly string[],
  tokens: NonNullable<Ctranslate2Checkpoint['tokens']>,
): Promise<TokenizerFiles> {
  const piece = [...files].find(
    (name) => /\.(spm|model)$/.test(name) && !name.startsWith('target'),
  );
  if (files.has(TOKENIZER_FILE) || piece === undefined) {
    if (files.has('bpe.model')) throw mosesNeeded();
    return readTokenizerFiles(directory, files, config);
  }
  if (piece === 'bpe.model') throw mosesNeeded();
  const frame = {
    before: tokens.addSourceBos ? [tokens.bosToken] : [],
    after: tokens.addSourceEos ? [tokens.eosToken] : [],
  };
  const model = await readFile(join(directory, piece));
  const made = fromSentencePiece({ model, layout: { kind: 'listed', pieces: vocabulary, frame } });
  return { ...made, note: `${TOKENIZER_FILE} was made of ${piece} and the vocabulary.` };
}

function mosesNeeded(): VeerError {
  return new VeerError(
    'MODEL_FORMAT_UNSUPPORTED',
    'The package cuts its texts by bpe.model and the rules of Moses, which Veer does not have. Choose a package of the pair that has a sentencepiece.model.',
  );
}

/** @returns null where there is none; the loader says so where it is needed */
async function readVocabulary(
  directory: string,
  has: (name: string) => boolean,
): Promise<readonly string[] | null> {
  for (const name of VOCABULARIES) {
    for (const file of [`${name}.json`, `${name}.txt`]) {
      if (!has(file)) continue;
      const tokens = await readCtranslate2Vocabulary(join(directory, file));
      if (name !== 'target_vocabulary') return tokens;
      await requireSame(directory, file, tokens);
      return tokens;
    }
  }
  return null;
}

async function requireSame(
  directory: string,
  file: string,
  target: readonly string[],
): Promise<void> {
  const source = await readCtranslate2Vocabulary(join(directory, file.replace('target', 'source')));
  if (source.length === target.length && source.every((token, id) => token === target[id])) return;
  throw new VeerError(
    'MODEL_FORMAT_UNSUPPORTED',
    `${basename(directory)} has a vocabulary for what it reads and another one for what it writes. Only models with one for both can be used.`,
  );
}

/** Of the package's metadata.json, under the names of a Marian tokenizer_config.json. */
async function argosLanguages(directory: string): Promise<Fields> {
  const {
    from_code: source,
    to_code: target,
    target_prefix: prefix,
  } = await readFields(join(directory, 'metadata.json'));
  if (typeof prefix === 'string' && prefix !== '') {
    throw new VeerError(
      'MODEL_FORMAT_UNSUPPORTED',
      `The package begins its translations with “${prefix}”, which Veer cannot do yet. Choose a package of one pair of languages.`,
    );
  }
  return {
    ...(typeof source === 'string' && { source_lang: source }),
    ...(typeof target === 'string' && { target_lang: target }),
  };
}

function noteOf({ note }: TokenizerFiles): readonly string[] {
  return note === null ? [] : [note];
}

function orNull<T>(list: readonly T[]): readonly T[] | null {
  return list.length === 0 ? null : list;
}
