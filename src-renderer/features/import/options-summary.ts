/** The options in one line: the direction of texts, and whatever is not as it comes. */

import type { Formats } from '../../i18n/formats.ts';
import type { Messages } from '../../i18n/messages.ts';
import type { ImportState } from '../../state/import/import-state.svelte.ts';
import { directionName } from './direction-name.ts';
import { speechSummary } from './speech-summary.ts';

type Options = Pick<ImportState, 'recordings' | 'texts' | 'strengths' | 'doNotKeep'>;

export function optionsSummary(
  { recordings, texts, strengths, doNotKeep }: Options,
  words: Messages['importing'],
  formats: Formats,
): string {
  const spoken = recordings.directions.length > 1 ? recordings.direction : null;
  const parts = [
    ...[spoken, texts.direction].flatMap((each) =>
      each === null ? [] : [directionName(each, formats)],
    ),
    ...[recordings, texts].flatMap(({ model, modelIsChosen }) =>
      model !== null && modelIsChosen ? [model.id] : [],
    ),
    ...([recordings, texts].some(({ thorough }) => thorough) ? [words.thoroughShort] : []),
    ...speechSummary(recordings.speech.of(recordings.model), words.speech),
    ...(strengths.alphas.state === 'open' ? [] : [`α ${strengths.typed.trim()}`]),
    ...(strengths.automatic ? [words.choosesShort] : []),
    ...(doNotKeep ? [words.notKept] : []),
  ];
  return parts.join(' · ');
}
