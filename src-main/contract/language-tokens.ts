/**
 * Tokens that stand for a language in multilingual models, and the BCP 47 tags that they mean: NLLB
 * writes `deu_Latn`, M2M100 `__de__`, mBART `de_DE`, Marian `>>de<<` or `>>deu<<`.
 */

import { primaryLanguage } from './languages.ts';

export interface LanguageToken {
  /** As the vocabulary spells it. */
  readonly token: string;
  /** As the model's authors write the language, without the marks of a token: `deu_Latn`, `de`. */
  readonly code: string;
  /** BCP 47, as short as possible: `de`, `zh-Hant`. */
  readonly tag: string;
}

/** How the families spell the token of a language; the code is the group. */
const SPELLINGS = {
  marian: /^>>([A-Za-z]{2,3}(?:_[A-Za-z]{2,4})?)<<$/,
  m2m_100: /^(?:__([a-z]{2,3})__|([a-z]{3}_[A-Z][a-z]{3}))$/,
  mbart: /^([a-z]{2,3}_[A-Z]{2})$/,
} as const;
export type MultilingualFamily = keyof typeof SPELLINGS;

/** Those of `tokens` that stand for a language, in their order. */
export function languageTokens(
  family: MultilingualFamily,
  tokens: Iterable<string>,
): readonly LanguageToken[] {
  const found: LanguageToken[] = [];
  for (const token of tokens) {
    const code = SPELLINGS[family].exec(token)?.slice(1).find(Boolean);
    // The region in the codes of mBART says whose text was collected, not what is written.
    const tag = code === undefined ? null : tagOf(family === 'mbart' ? code.slice(0, -3) : code);
    if (code !== undefined && tag !== null) found.push({ token, code, tag });
  }
  return found;
}

/**
 * The token for a BCP 47 tag, or for the code as the model's authors write it.
 *
 * @returns the same language in the same script where there is one, else in another script
 */
export function findLanguage<T extends LanguageToken>(
  tokens: readonly T[],
  wanted: string,
): T | undefined {
  const tag = tagOf(wanted);
  const written = tag === null ? null : scriptOf(tag);
  return (
    tokens.find(({ token, code }) => wanted === code || wanted === token) ??
    tokens.find((each) => each.tag === tag) ??
    tokens.find((each) => written !== null && scriptOf(each.tag) === written) ??
    tokens.find((each) => tag !== null && primaryLanguage(each.tag) === primaryLanguage(tag))
  );
}

/** Codes of the families that CLDR keeps apart from the one that people write. */
const SAME: Readonly<Record<string, string>> = { no: 'nb', pbt: 'ps' };

/** Canonical tag of a code such as `deu_Latn`, without the script where it is the usual one. */
function tagOf(code: string): string | null {
  try {
    const locale = new Intl.Locale(code.replaceAll('_', '-'));
    const { script, region } = locale;
    const language = SAME[locale.language] ?? locale.language;
    const usual = new Intl.Locale(language).maximize().script;
    return [language, ...(script === usual ? [] : [script]), region].filter(Boolean).join('-');
  } catch {
    return null;
  }
}

/** Language and script, the latter guessed where the tag does not say it: `zh-TW` → `zh Hant`. */
function scriptOf(tag: string): string {
  const { language, script } = new Intl.Locale(tag).maximize();
  return `${language} ${script}`;
}
