/** SubRip subtitles (.srt), as VLC and FFmpeg read them. */

import type { Result } from '../contract/result.ts';
import { cuesOf, formatTime } from './cues.ts';

/** @throws VeerError OPTION_INVALID when the result has no times. */
export function formatSrt(result: Result, variantIndex: number): string {
  return cuesOf(result, variantIndex)
    .map((cue, i) => {
      const times = `${formatTime(cue.start, ',')} --> ${formatTime(cue.end, ',')}`;
      // The format has no escapes, and an arrow in the text would look like a line of times.
      const text = cue.lines.join('\n').replaceAll('-->', '->');
      return `${i + 1}\n${times}\n${text}\n`;
    })
    .join('\n');
}
