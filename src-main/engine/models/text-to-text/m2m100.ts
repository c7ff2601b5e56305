/**
 * M2M100 (Fan et al. 2020, arXiv 2010.11125) and NLLB-200 (Costa-jussà et al. 2022, arXiv
 * 2207.04672): the source language stands before the text, and the target language is the forced
 * first token.
 */

import { bartShapes } from './bart-like.ts';
import { languagePair } from './language-choice.ts';
import type { MakeTextFamily } from './text-family.ts';

export const m2m100: MakeTextFamily = (folder, tokenizer, languages) => {
  const { generation } = folder;
  const { source, target } = languagePair('m2m_100', folder, tokenizer, languages);
  return {
    ...bartShapes(folder),
    language: target.tag,
    sourceLanguage: source.tag,
    prefix: '',
    frame: { before: [source.id], after: generation.eos_token_id.slice(0, 1) },
    prompt: [generation.decoder_start_token_id],
    generation: { ...generation, forced_bos_token_id: target.id },
  };
};
