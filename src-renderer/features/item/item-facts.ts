/** What is said of an item in one line. */

import type { HistoryRun, Item } from '../../../src-main/contract/history.ts';
import type { Search } from '../../../src-main/contract/search.ts';
import type { Formats } from '../../i18n/formats.ts';
import type { Messages } from '../../i18n/messages.ts';

/** How long it is, what made it, from which language to which, since when it is there. */
export function itemFacts(item: Item, run: HistoryRun | null, formats: Formats): readonly string[] {
  const model = run?.model?.id ?? run?.settings.model ?? null;
  return [
    ...(item.duration === null ? [] : [formats.clock(item.duration)]),
    ...(model === null ? [] : [model]),
    ...languagesOf(run, formats),
    formats.moment(item.createdAt),
  ];
}

/** Nothing while the languages are neither known nor asked for; one where both are the same. */
export function languagesOf(run: HistoryRun | null, formats: Formats): readonly string[] {
  const tags = new Set([
    run?.sourceLanguage ?? run?.settings.sourceLanguage ?? null,
    run?.language ?? run?.settings.language ?? null,
  ]);
  const names = [...tags].flatMap((tag) => (tag === null ? [] : [formats.language(tag)]));
  return names.length === 0 ? [] : [names.join(' → ')];
}

/** How the text was looked for. */
export function searchName(
  search: Search | null,
  words: Messages['item']['details']['searches'],
  formats: Formats,
): string {
  switch (search?.strategy) {
    case 'beam':
      return words.beam(formats.number(search.beams));
    case 'sample':
      return words.sample(formats.number(search.temperature));
    default:
      return words.greedy;
  }
}
