/** ggml files of whisper.cpp: everything but the weights and the tokens is derived. */

import { basename, join } from 'node:path';
import { TOKENIZER_FILE } from '../../contract/model-layout.ts';
import { fromGgmlTokens } from '../text/making/from-ggml-tokens.ts';
import { whisperLayout } from '../text/making/whisper-tokens.ts';
import { openGgmlWhisper } from '../weights/ggml/open-ggml.ts';
import type { RecognisedSource } from './recognise-source.ts';
import type { SourceModel } from './source-model.ts';
import { readTokenizerFiles } from './tokenizer-files.ts';
import { UNSTATED, whisperFields } from './whisper-fields.ts';

/** @throws VeerError as `openGgmlWhisper` and `fromGgmlTokens` */
export async function readGgmlSource({
  directory,
  files,
  weights,
}: RecognisedSource): Promise<SourceModel> {
  const path = join(directory, weights ?? '');
  const { weights: table, config, tokens } = await openGgmlWhisper(path);
  try {
    const vocabulary = Number(config['vocab_size']);
    // Of another size only its own tokenizer.json knows the special tokens.
    const isOwn = whisperLayout(vocabulary) === null && files.has(TOKENIZER_FILE);
    const tokenizer = isOwn
      ? await readTokenizerFiles(directory, new Set(files.keys()), config)
      : fromGgmlTokens(tokens, vocabulary);
    const { notes, ...fields } = whisperFields(config, tokenizer, UNSTATED, basename(path));
    return {
      format: 'ggml',
      ...fields,
      tokenizer: tokenizer.tokenizer,
      tokenizerConfig: tokenizer.config,
      weights: table,
      weightFiles: [path],
      carried: [],
      notes: isOwn ? notes : [...notes, `${TOKENIZER_FILE} was made of the tokens in the file.`],
    };
  } catch (error) {
    await table.close();
    throw error;
  }
}
