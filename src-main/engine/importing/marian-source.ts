/** Marian models: a `.npz`, or Firefox's `.bin`, with the SentencePiece vocabularies beside it. */

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { VeerError } from '../../contract/errors.ts';
import { fromSentencePiece } from '../text/making/from-sentencepiece.ts';
import type { MadeTokenizer } from '../text/making/made-tokenizer.ts';
import { readSentencePieceModel } from '../text/making/sentencepiece-model.ts';
import { openMarianBinary, openMarianNpz } from '../weights/marian/open-marian.ts';
import type { RecognisedSource } from './recognise-source.ts';
import { carriedFiles, type Fields, type SourceModel } from './source-model.ts';
import { parseVocabularyYml } from './vocabulary-yml.ts';
import { zeroStart } from './zero-start.ts';

/** Firefox's names: `model.ende.intgemm.alphas.bin`. */
const PAIR = /^model\.([a-z]{2})([a-z]{2})\./;

/** @throws VeerError as the opening of the weights, MODEL_FILE_MISSING, MODEL_FORMAT_UNSUPPORTED, TOKENIZER_MISMATCH */
export async function readMarianSource(source: RecognisedSource): Promise<SourceModel> {
  const { directory, files, weights: file = null } = source;
  const name = file ?? '';
  const path = join(directory, name);
  const { tokenizer, ids, from } = await vocabularyOf(directory, files);
  const checkpoint = await (name.endsWith('.bin') ? openMarianBinary(path) : openMarianNpz(path));
  const zero = zeroStart(checkpoint.config);
  const pair = PAIR.exec(name);
  const languages: Fields = pair === null ? {} : { source_lang: pair[1], target_lang: pair[2] };
  return {
    format: 'marian',
    config: { ...checkpoint.config, ...zero.config, ...ids, ...zero.ids },
    generation: { ...ids, ...zero.ids, ...zero.generation, max_length: 512 },
    preprocessor: null,
    tokenizer: tokenizer.tokenizer,
    tokenizerConfig: { ...tokenizer.config, ...languages },
    weights: checkpoint.weights,
    weightFiles: [path],
    carried: carriedFiles(directory, files.keys()),
    notes: [`All configs were derived from the weights, and the tokenizer from ${from}.`],
  };
}

interface Vocabulary {
  readonly tokenizer: MadeTokenizer;
  readonly ids: Fields;
  readonly from: string;
}

/** A vocab.yml gives the ids where there is one (OPUS-MT); else the SentencePiece model itself (Firefox). */
async function vocabularyOf(
  directory: string,
  files: ReadonlyMap<string, number>,
): Promise<Vocabulary> {
  const top = [...files.keys()].filter((name) => !name.includes('/')).sort();
  const models = top.filter((name) => name.endsWith('.spm'));
  const list = top.find((name) => /vocab\.ya?ml$/.test(name));
  const first = models.find((name) => name === 'source.spm') ?? models[0];
  if (first === undefined) {
    throw new VeerError(
      'MODEL_FILE_MISSING',
      'There is no SentencePiece vocabulary (.spm) beside the model. Import the folder in which both lie.',
    );
  }
  const model = await readFile(join(directory, first));
  if (list !== undefined) {
    const vocabulary = parseVocabularyYml(await readFile(join(directory, list), 'utf8'));
    // The id of the zeros that a decoder begins with; Hugging Face's files have it as a token.
    const padded = new Map([...vocabulary, ['<pad>', vocabulary.size] as const]);
    const layout = { kind: 'marian', vocabulary: Object.fromEntries(padded) } as const;
    const tokenizer = fromSentencePiece({ model, layout });
    return { tokenizer, ids: idsOf(vocabulary.get('</s>')), from: `${first} and ${list}` };
  }
  await requireSame(directory, model, models);
  const pieces = readSentencePieceModel(model).pieces.map(({ text }) => text);
  const layout = { kind: 'listed', pieces, frame: { before: [], after: ['</s>'] } } as const;
  const tokenizer = fromSentencePiece({ model, layout });
  return { tokenizer, ids: idsOf(pieces.indexOf('</s>')), from: first };
}

function idsOf(end = -1): Fields {
  if (end === -1) {
    throw new VeerError(
      'TOKENIZER_MISMATCH',
      'The vocabulary has no </s>, so it is not that of the model. Copy the files again from where they came from.',
    );
  }
  return { eos_token_id: end, pad_token_id: end, decoder_start_token_id: end };
}

async function requireSame(
  directory: string,
  model: Buffer,
  models: readonly string[],
): Promise<void> {
  for (const name of models) {
    if (model.equals(await readFile(join(directory, name)))) continue;
    throw new VeerError(
      'MODEL_FORMAT_UNSUPPORTED',
      `${basename(directory)} has a vocabulary for what it reads and another one for what it writes (${models.join(', ')}). Only models with one for both can be used.`,
    );
  }
}
