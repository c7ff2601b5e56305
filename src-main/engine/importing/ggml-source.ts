/** ggml files of whisper.cpp: everything but the weights and the tokens is derived. */

import { basename, join } from 'node:path';
import { fromGgmlTokens } from '../text/making/from-ggml-tokens.ts';
import { openGgmlWhisper } from '../weights/ggml/open-ggml.ts';
import type { RecognisedSource } from './recognise-source.ts';
import type { SourceModel } from './source-model.ts';
import { whisperFields } from './whisper-fields.ts';

/** @throws VeerError as `openGgmlWhisper` and `fromGgmlTokens` */
export async function readGgmlSource({
  directory,
  weights,
}: RecognisedSource): Promise<SourceModel> {
  const path = join(directory, weights ?? '');
  const { weights: table, config, tokens } = await openGgmlWhisper(path);
  try {
    const tokenizer = fromGgmlTokens(tokens, Number(config['vocab_size']));
    const stated = { suppressTokens: null, beginSuppressTokens: null, alignmentHeads: null };
    const { notes, ...fields } = whisperFields(config, tokenizer, stated, basename(path));
    return {
      format: 'ggml',
      ...fields,
      tokenizer: tokenizer.tokenizer,
      tokenizerConfig: tokenizer.config,
      weights: table,
      weightFiles: [path],
      carried: [],
      notes: [...notes, 'tokenizer.json was made of the tokens in the file.'],
    };
  } catch (error) {
    await table.close();
    throw error;
  }
}
