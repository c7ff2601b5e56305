/**
 * Undoes the splits that Intl.Segmenter makes after abbreviations. In doubt two pieces are joined:
 * a translator handles two sentences at once, but half a sentence has no right translation.
 */

/** Written before a name or in the middle of a sentence, so a sentence rarely ends here. */
const BEFORE_ANYTHING: Readonly<Record<string, readonly string[]>> = {
  en: 'mr mrs ms messrs dr prof st rev hon gen sen rep gov capt lt col sgt mt ft vs cf viz approx ca'.split(
    ' ',
  ),
  de: 'hr hrn fr dr prof dipl ing st bzw ca vgl ggf evtl sog inkl exkl zzgl bspw insb allg geb mio mrd tel'.split(
    ' ',
  ),
};

/** Abbreviations only where a number follows: "No. 5", but "No. I will not." */
const BEFORE_NUMBER: Readonly<Record<string, readonly string[]>> = {
  en: 'no nos p pp vol ch art fig figs eq sec'.split(' '),
  de: 'nr nrn s art abs abb kap bd ziff anm str'.split(' '),
};

const LAST_WORD = /(?:^|\s)[\p{Ps}\p{Pi}"']*([^\s\p{Ps}\p{Pi}"']\S*)\.$/u;
/** "J." in "J. Smith"; "z." and "B." in "z. B."; "e.g." and "U.S." */
const INITIALS = /^\p{L}(?:\.\p{L})*$/u;

/**
 * Does the sentence go on although the segmenter ended it here?
 *
 * @param before the text up to the split, without white space at its end
 * @param after the text that follows, without white space at its start
 * @param language ISO 639 code; `en` and `de` have word lists, initials are known everywhere
 */
export function continuesAfter(before: string, after: string, language: string): boolean {
  const word = LAST_WORD.exec(before)?.[1]?.toLowerCase();
  if (word === undefined) return false;
  if (before === `${word}.` && /^\p{Nd}+$/u.test(word)) return true;
  if (language === 'de' && /^\p{Nd}{1,2}$/u.test(word)) return true;
  if (language === 'en' && word === 'i') return false;
  if (INITIALS.test(word)) return true;
  if (BEFORE_ANYTHING[language]?.includes(word)) return true;
  return /^\p{Nd}/u.test(after) && (BEFORE_NUMBER[language]?.includes(word) ?? false);
}
