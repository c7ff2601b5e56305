/** A direction in words: two languages, or the one that a recording is in. */

import type { Direction } from '../../../src-main/contract/languages.ts';
import type { Formats } from '../../i18n/formats.ts';

export function directionName({ source, target }: Direction, { language }: Formats): string {
  return source === target ? language(source) : `${language(source)} → ${language(target)}`;
}
