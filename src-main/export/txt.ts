/** Plain text: a transcript has one line per segment, a translation the layout of its source. */

import type { Result } from '../contract/result.ts';
import { variantLine, variantText } from './variant-text.ts';

/**
 * A transcript ends with a line feed and leaves empty segments out; a translated text ends as its
 * source does.
 */
export function formatTxt(result: Result, variantIndex: number): string {
  let text = result.source.leading ?? '';
  for (const segment of result.segments) {
    if (segment.separator !== null) {
      text += variantText(segment, variantIndex) + segment.separator;
    } else {
      const line = variantLine(segment, variantIndex);
      if (line !== '') text += `${line}\n`;
    }
  }
  return text;
}
