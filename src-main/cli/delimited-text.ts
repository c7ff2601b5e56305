/** Tables as text: fields between commas as RFC 4180 has them, or between tabs as they stand. */

import { VeerError } from '../contract/errors.ts';

export interface TableRow {
  /** In the file, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** Lines with nothing in them are left out. Tab-separated fields know no quotes. */
export function parseTabs(text: string): readonly TableRow[] {
  return text.split(/\r\n|\n|\r/).flatMap((row, i) => {
    return row.trim() === '' ? [] : [{ line: i + 1, fields: row.split('\t') }];
  });
}

/** @throws VeerError OPTION_INVALID for a quote that is never closed */
export function parseCommas(text: string): readonly TableRow[] {
  const rows: TableRow[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  let fields: string[] = [];
  let [line, start] = [1, 1];
  while (field.lastIndex < text.length || fields.length > 0) {
    const at = field.lastIndex;
    const match = field.exec(text);
    if (match === null) {
      throw new VeerError(
        'OPTION_INVALID',
        `The table has a quote in line ${line} that does not fit. Quote whole fields, and write a quote inside as two.`,
      );
    }
    const [whole, quoted, plain = '', end = ''] = match;
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += whole.split(/\r\n|\n|\r/).length - 1;
    if (end !== ',') {
      if (fields.some((one) => one.trim() !== '')) rows.push({ line: start, fields });
      [fields, start] = [[], line];
      if (at + whole.length >= text.length) break;
    }
  }
  return rows;
}
