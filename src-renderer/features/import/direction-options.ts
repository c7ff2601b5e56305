/** What a list of directions offers, with its words. */

import type { Direction } from '../../../src-main/contract/languages.ts';
import type { Formats } from '../../i18n/formats.ts';
import { directionKey } from '../../state/import/model-choice.ts';
import { directionName } from './direction-name.ts';

/** From here on a person looks for letters, and the order of the models helps nobody. */
const MANY = 12;

export function directionOptions(directions: readonly Direction[], formats: Formats) {
  const options = directions.map((direction) => {
    return { value: directionKey(direction), label: directionName(direction, formats) };
  });
  if (options.length < MANY) return options;
  return options.sort((a, b) => a.label.localeCompare(b.label, formats.locale));
}
