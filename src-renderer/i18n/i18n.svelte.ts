/** The language of the screens, for every component: `i18n.t` holds the messages. */

import type { Settings } from '../../src-main/contract/settings.ts';
import { german } from './de/german.ts';
import { english } from './en/english.ts';
import { type Formats, formats } from './formats.ts';
import type { Messages } from './messages.ts';
import { pseudo } from './pseudo.ts';

interface Language {
  /** BCP 47 tag, for the page. */
  readonly tag: string;
  readonly messages: Messages;
}

const ENGLISH: Language = { tag: 'en', messages: { ...english, errors: null } };
const GERMAN: Language = { tag: 'de', messages: german };

class I18n {
  #language: Language = $state.raw(ENGLISH);
  readonly #formats: Formats = $derived(formats(this.#language.tag));

  get t(): Messages {
    return this.#language.messages;
  }

  get tag(): string {
    return this.#language.tag;
  }

  get formats(): Formats {
    return this.#formats;
  }

  /** @param system the languages that the system prefers, the first one first */
  use(wanted: Settings['interfaceLanguage'], system: readonly string[]): void {
    const language = languageOf(wanted, system);
    if (language.tag !== this.#language.tag) this.#language = language;
  }
}

function languageOf(wanted: Settings['interfaceLanguage'], system: readonly string[]): Language {
  if (wanted === 'en') return ENGLISH;
  if (wanted === 'de') return GERMAN;
  for (const tag of system) {
    const [primary] = tag.toLowerCase().split(/[-_]/);
    if (primary === 'en') return ENGLISH;
    if (primary === 'de') return GERMAN;
    // The private tag that systems use for their own pseudo-language.
    if (primary === 'qps') return { tag: 'qps-ploc', messages: pseudo(ENGLISH.messages) };
  }
  return ENGLISH;
}

export const i18n = new I18n();
