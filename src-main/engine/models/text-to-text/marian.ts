/**
 * Marian (Junczys-Dowmunt et al. 2018), above all the models of OPUS-MT. Those of several target
 * languages have a token for each, `>>de<<`, which stands before the text; the others translate from
 * `source_lang` to `target_lang` of tokenizer_config.json.
 */

import { VeerError } from '../../../contract/errors.ts';
import { primaryLanguage, statedDirection } from '../../../contract/languages.ts';
import type { Tokenizer } from '../../text/tokenizer.ts';
import type { ModelFolder } from '../model-folder.ts';
import { bartShapes } from './bart-like.ts';
import { knownLanguages, languageToWrite } from './language-choice.ts';
import type { LanguageRequest, MakeTextFamily } from './text-family.ts';

export const marian: MakeTextFamily = (folder, tokenizer, languages) => {
  const { target, source, token } = chooseLanguages(folder, tokenizer, languages);
  const { before, after } = tokenizer.frame;
  return {
    ...bartShapes(folder),
    language: target,
    sourceLanguage: source,
    prefix: '',
    frame: { before: [...token, ...before], after },
    prompt: [folder.generation.decoder_start_token_id],
    generation: folder.generation,
  };
};

interface Chosen {
  readonly target: string | null;
  readonly source: string | null;
  /** The token of the target language, where the model has such tokens. */
  readonly token: readonly number[];
}

/** The source language is not told to the model: it only says what was read. */
function chooseLanguages(
  { id, tokenizerConfig }: ModelFolder,
  tokenizer: Tokenizer,
  { target, source }: LanguageRequest,
): Chosen {
  const stated = statedDirection(tokenizerConfig);
  const read = source ?? stated.source;
  const known = knownLanguages('marian', tokenizer);
  if (known.length > 0) {
    const written = languageToWrite(known, target, id);
    return { target: written.tag, source: read, token: [written.id] };
  }
  if (target !== null && stated.target !== null && primaryLanguage(target) !== stated.target) {
    throw new VeerError(
      'LANGUAGE_UNSUPPORTED',
      `${id} writes "${stated.target}" only, not "${target}".`,
    );
  }
  return { target: stated.target ?? target, source: read, token: [] };
}
