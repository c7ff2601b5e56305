/** What an item can be exported as. */

import type { ExportFormat } from '../../../src-main/contract/export-formats.ts';
import type { ItemKind } from '../../../src-main/contract/history.ts';

/** Subtitles need times, which a translated text has none of. */
const FORMATS: Readonly<Record<ItemKind, readonly ExportFormat[]>> = {
  audio: ['txt', 'md', 'srt', 'vtt', 'json'],
  text: ['txt', 'md', 'json'],
};

export const MIME_TYPES: Readonly<Record<ExportFormat, string>> = {
  txt: 'text/plain;charset=utf-8',
  md: 'text/markdown;charset=utf-8',
  srt: 'application/x-subrip;charset=utf-8',
  vtt: 'text/vtt;charset=utf-8',
  json: 'application/json;charset=utf-8',
};

export function formatsOf(kind: ItemKind): readonly ExportFormat[] {
  return FORMATS[kind];
}

/** The format used last where the item can have it, else text. */
export function usualFormat(last: ExportFormat, kind: ItemKind): ExportFormat {
  return FORMATS[kind].includes(last) ? last : 'txt';
}
