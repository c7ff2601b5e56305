/**
 * Markdown (.md), as CommonMark and GitHub read it: the name as a heading, then a paragraph with its
 * time for every segment of a transcript, or the paragraphs and lines of a translated text.
 */

import type { Result } from '../contract/result.ts';
import { formatTxt } from './txt.ts';
import { lineOf, variantLine } from './variant-text.ts';

/** What opens or closes something anywhere in a line; `&` only where an entity would be read. */
const INLINE = /[\\`*_[\]<>#|~$]|&(?=#?\w+;)/g;
/** What makes a line a list, a rule, a table or the underline of a heading. */
const AT_START = /^(?=[-+=:])|(?<=^\d{1,9})(?=[.)])/;

/** Ends with a line feed. Segments without text are left out. */
export function formatMd(result: Result, variantIndex: number): string {
  const paragraphs =
    result.task === 'translate'
      ? paragraphsOf(formatTxt(result, variantIndex))
      : timedParagraphs(result, variantIndex);
  return [`# ${escapeLine(lineOf(result.source.path))}`, ...paragraphs]
    .map((paragraph) => `${paragraph}\n`)
    .join('\n');
}

function timedParagraphs(result: Result, variantIndex: number): string[] {
  return result.segments.flatMap((segment) => {
    const line = variantLine(segment, variantIndex);
    if (line === '') return [];
    const mark = segment.start === null ? '' : `**[${timeMark(segment.start)}]** `;
    return [mark + escapeLine(line)];
  });
}

/** Lines stay lines: a backslash at the end of one is a break. Indentation would be code. */
function paragraphsOf(text: string): string[] {
  return text
    .split(/\r\n?|\n/)
    .map((line) => escapeLine(lineOf(line)))
    .join('\n')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.replace(/^\n|\n$/g, '').replaceAll('\n', '\\\n'))
    .filter((paragraph) => paragraph !== '');
}

function escapeLine(line: string): string {
  return line.replace(INLINE, '\\$&').replace(AT_START, '\\');
}

/** 0:12, 1:02:03. @param seconds cut off, so that the mark is never after the words */
function timeMark(seconds: number): string {
  const whole = Math.floor(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, '0');
  return hours === 0
    ? `${minutes}:${rest}`
    : `${hours}:${String(minutes).padStart(2, '0')}:${rest}`;
}
