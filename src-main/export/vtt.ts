/** WebVTT subtitles (.vtt): https://www.w3.org/TR/webvtt1/ */

import type { Result } from '../contract/result.ts';
import { cuesOf, formatTime } from './cues.ts';

/** @throws VeerError OPTION_INVALID when the result has no times. */
export function formatVtt(result: Result, variantIndex: number): string {
  const cues = cuesOf(result, variantIndex).map((cue, i) => {
    const times = `${formatTime(cue.start, '.')} --> ${formatTime(cue.end, '.')}`;
    return `\n${i + 1}\n${times}\n${escapeText(cue.lines.join('\n'))}\n`;
  });
  return `WEBVTT\n${cues.join('')}`;
}

/** Escaping `>` too makes an arrow in the text impossible, which the format forbids. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
