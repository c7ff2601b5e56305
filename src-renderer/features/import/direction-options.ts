/** What lists of directions and of languages offer, with their words. */

import type { Direction } from '../../../src-main/contract/languages.ts';
import type { Formats } from '../../i18n/formats.ts';
import { directionKey } from '../../state/import/model-choice.ts';
import { directionName } from './direction-name.ts';

/** From here on a person looks for letters, and the order of the models helps nobody. */
const MANY = 12;

interface Option {
  readonly value: string;
  readonly label: string;
}

/** @param source the one that all of them have, where it is said elsewhere */
export function directionOptions(
  directions: readonly Direction[],
  formats: Formats,
  source: string | null = null,
): readonly Option[] {
  const options = directions.map((direction) => {
    const label =
      source === null ? directionName(direction, formats) : formats.language(direction.target);
    return { value: directionKey(direction), label };
  });
  return options.length < MANY ? options : byName(options, formats);
}

export function sourceOptions(sources: readonly string[], formats: Formats): readonly Option[] {
  return byName(
    sources.map((tag) => ({ value: tag, label: formats.language(tag) })),
    formats,
  );
}

function byName(options: readonly Option[], { locale }: Formats): readonly Option[] {
  return options.toSorted((a, b) => a.label.localeCompare(b.label, locale));
}
