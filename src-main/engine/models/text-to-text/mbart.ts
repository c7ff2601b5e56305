/**
 * mBART-50 (Tang et al. 2020, arXiv 2008.00401): the source language stands before the text, and the
 * target language is the forced first token. The older mBART-25 (Liu et al. 2020, arXiv 2001.08210)
 * has the source language after the text, and the target language starts the decoder.
 */

import { bartShapes } from './bart-like.ts';
import { languagePair } from './language-choice.ts';
import type { MakeTextFamily } from './text-family.ts';

export const mbart: MakeTextFamily = (folder, tokenizer, languages) => {
  const { generation, tokenizerConfig } = folder;
  const { source, target } = languagePair('mbart', folder, tokenizer, languages);
  const end = generation.eos_token_id.slice(0, 1);
  const shared = {
    ...bartShapes(folder),
    language: target.tag,
    sourceLanguage: source.tag,
    prefix: '',
  };
  if (isMbart25(tokenizerConfig['tokenizer_class'])) {
    return {
      ...shared,
      frame: { before: [], after: [...end, source.id] },
      prompt: [target.id],
      generation: { ...generation, forced_bos_token_id: null },
    };
  }
  return {
    ...shared,
    frame: { before: [source.id], after: end },
    prompt: [generation.decoder_start_token_id],
    generation: { ...generation, forced_bos_token_id: target.id },
  };
};

function isMbart25(tokenizerClass: unknown): boolean {
  return tokenizerClass === 'MBartTokenizer' || tokenizerClass === 'MBartTokenizerFast';
}
