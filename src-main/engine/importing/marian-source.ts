/** Marian models: a `.npz`, or Firefox's `.bin`, with the SentencePiece vocabularies beside it. */

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { VeerError } from '../../contract/errors.ts';
import { fromSentencePiece } from '../text/making/from-sentencepiece.ts';
import { readSentencePieceModel } from '../text/making/sentencepiece-model.ts';
import { openMarianBinary, openMarianNpz } from '../weights/marian/open-marian.ts';
import type { RecognisedSource } from './recognise-source.ts';
import { carriedFiles, type Fields, type SourceModel } from './source-model.ts';
import { zeroStart } from './zero-start.ts';

/** Firefox's names: `model.ende.intgemm.alphas.bin`. */
const PAIR = /(?:^|\.)([a-z]{2,3})([a-z]{2,3})\./;

/** @throws VeerError as the opening of the weights, MODEL_FILE_MISSING, MODEL_FORMAT_UNSUPPORTED, TOKENIZER_MISMATCH */
export async function readMarianSource(source: RecognisedSource): Promise<SourceModel> {
  const { directory, files, weights: file = null } = source;
  const name = file ?? '';
  const path = join(directory, name);
  const { pieces, tokenizer, ids, spm } = await vocabularyOf(directory, files);
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
    notes: [
      `All configs were derived from the weights, and the tokenizer from ${spm} (${pieces} pieces).`,
    ],
  };
}

async function vocabularyOf(directory: string, files: ReadonlyMap<string, number>) {
  const [first, second] = [...files.keys()].filter((name) => /^[^/]*\.spm$/.test(name)).sort();
  if (first === undefined) {
    throw new VeerError(
      'MODEL_FILE_MISSING',
      'There is no SentencePiece vocabulary (.spm) beside the model. Import the folder in which both lie.',
    );
  }
  const model = await readFile(join(directory, first));
  if (second !== undefined && !model.equals(await readFile(join(directory, second)))) {
    throw new VeerError(
      'MODEL_FORMAT_UNSUPPORTED',
      `${basename(directory)} has a vocabulary for what it reads and another one for what it writes (${first}, ${second}). Only models with one for both can be used.`,
    );
  }
  const pieces = readSentencePieceModel(model).pieces.map(({ text }) => text);
  const end = pieces.indexOf('</s>');
  const layout = { kind: 'listed', pieces, frame: { before: [], after: ['</s>'] } } as const;
  return {
    pieces: pieces.length,
    spm: first,
    tokenizer: fromSentencePiece({ model, layout }),
    ids: { eos_token_id: end, pad_token_id: end, decoder_start_token_id: end },
  };
}
