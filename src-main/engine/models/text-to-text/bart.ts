/**
 * BART (Lewis et al. 2019, arXiv 1910.13461): text to text as it was trained, for example to
 * summaries. It states no languages.
 */

import { bartShapes } from './bart-like.ts';
import { refuseLanguages } from './language-choice.ts';
import type { MakeTextFamily } from './text-family.ts';

export const bart: MakeTextFamily = (folder, tokenizer, languages) => {
  refuseLanguages(folder.id, languages);
  return {
    ...bartShapes(folder),
    language: null,
    sourceLanguage: null,
    prefix: '',
    frame: tokenizer.frame,
    prompt: [folder.generation.decoder_start_token_id],
    generation: folder.generation,
  };
};
