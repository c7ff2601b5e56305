/** The language of menu and dialogs. The screens choose theirs themselves. */

import type { Settings } from '../contract/settings.ts';

export type ShellLanguage = 'en' | 'de';

/** @param systemLanguages BCP 47 tags, the preferred one first */
export function shellLanguage(
  wanted: Settings['interfaceLanguage'],
  systemLanguages: readonly string[],
): ShellLanguage {
  if (wanted !== 'system') return wanted;
  return systemLanguages[0]?.toLowerCase().split('-')[0] === 'de' ? 'de' : 'en';
}
