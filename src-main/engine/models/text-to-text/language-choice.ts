/** Which language tokens of a multilingual model a run uses, for the languages that were asked for. */

import { VeerError } from '../../../contract/errors.ts';
import {
  findLanguage,
  type LanguageToken,
  languageTokens,
  type MultilingualFamily,
} from '../../../contract/language-tokens.ts';
import type { Tokenizer } from '../../text/tokenizer.ts';
import type { ModelFolder } from '../model-folder.ts';
import type { LanguageRequest } from './text-family.ts';

/** A language token with its id. */
export interface ChosenLanguage extends LanguageToken {
  readonly id: number;
}

/** Languages that a model of the family knows, as its tokenizer has them. */
export function knownLanguages(
  family: MultilingualFamily,
  tokenizer: Tokenizer,
): readonly ChosenLanguage[] {
  return languageTokens(family, tokenizer.tokens).flatMap((language) => {
    const id = tokenizer.tokenId(language.token);
    return id === undefined ? [] : [{ ...language, id }];
  });
}

/** @throws VeerError LANGUAGE_UNSUPPORTED */
export function languageToWrite(
  known: readonly ChosenLanguage[],
  wanted: string | null,
  modelId: string,
): ChosenLanguage {
  if (wanted !== null) return find(known, wanted, `${modelId} does not write`);
  const example = findLanguage(known, 'de') ?? known[0];
  throw new VeerError(
    'LANGUAGE_UNSUPPORTED',
    `${modelId} writes several languages. Say which one, for example --language ${example?.tag}.`,
  );
}

/**
 * What M2M100, NLLB and mBART must be told: both languages. Without a source language it is the one
 * that tokenizer_config.json states (`src_lang`), else English.
 *
 * @throws VeerError LANGUAGE_UNSUPPORTED
 */
export function languagePair(
  family: MultilingualFamily,
  { id, tokenizerConfig, generation }: ModelFolder,
  tokenizer: Tokenizer,
  { target, source }: LanguageRequest,
): { readonly source: ChosenLanguage; readonly target: ChosenLanguage } {
  const known = knownLanguages(family, tokenizer);
  if (known.length === 0) {
    throw new VeerError(
      'TOKENIZER_MISMATCH',
      `The tokenizer of ${id} has no token of any language. Copy tokenizer.json from the model's own repository.`,
    );
  }
  // A model that writes one language only states its token.
  const only = known.find((language) => language.id === generation.forced_bos_token_id);
  const wanted = target ?? only?.code ?? null;
  const written = languageToWrite(known, wanted, id);
  const read =
    source === null
      ? defaultSource(known, tokenizerConfig)
      : find(known, source, `${id} does not read`);
  if (read === undefined || read.id === written.id) {
    throw new VeerError(
      'LANGUAGE_UNSUPPORTED',
      `${id} must be told which language it reads, other than "${written.tag}". Say it with --source-language.`,
    );
  }
  return { source: read, target: written };
}

function defaultSource(
  known: readonly ChosenLanguage[],
  tokenizerConfig: ModelFolder['tokenizerConfig'],
): ChosenLanguage | undefined {
  const stated = tokenizerConfig['src_lang'];
  const own = typeof stated === 'string' ? findLanguage(known, stated) : undefined;
  return own ?? findLanguage(known, 'en');
}

/** For families that state no languages. @throws VeerError LANGUAGE_UNSUPPORTED */
export function refuseLanguages(modelId: string, { target, source }: LanguageRequest): void {
  const wanted = target ?? source;
  if (wanted === null) return;
  throw new VeerError(
    'LANGUAGE_UNSUPPORTED',
    `${modelId} does not state its languages, so "${wanted}" cannot be chosen. Leave the language out.`,
  );
}

/** More than these are no help in a message. */
const MOST_NAMED = 12;

function find(known: readonly ChosenLanguage[], wanted: string, says: string): ChosenLanguage {
  const found = findLanguage(known, wanted);
  if (found !== undefined) return found;
  const names = known.slice(0, MOST_NAMED).map(({ tag }) => tag);
  const more = known.length > MOST_NAMED ? ` and ${known.length - MOST_NAMED} more` : '';
  throw new VeerError(
    'LANGUAGE_UNSUPPORTED',
    `${says} "${wanted}". Languages: ${names.join(', ')}${more}.`,
  );
}
