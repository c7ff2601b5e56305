/** Chooses the writer for an output format. Writers are pure: result in, text of the file out. */

import { assertNever, VeerError } from '../contract/errors.ts';
import type { ExportFormat } from '../contract/export-formats.ts';
import type { Result } from '../contract/result.ts';
import { formatJson } from './json.ts';
import { formatMd } from './md.ts';
import { formatSrt } from './srt.ts';
import { formatTxt } from './txt.ts';
import { formatVtt } from './vtt.ts';

/**
 * Writes a result as the text of a file, with line feeds as line ends.
 *
 * @param variantIndex which entry of `result.alphas` to write, from 0; `json` holds all of them
 *   and only checks it
 * @throws VeerError OPTION_INVALID when there is no such variant, and for subtitles of a text.
 */
export function formatResult(result: Result, format: ExportFormat, variantIndex: number): string {
  if (!Number.isInteger(variantIndex) || result.alphas[variantIndex] === undefined) {
    throw new VeerError(
      'OPTION_INVALID',
      `There is no variant ${variantIndex}: the result has ${result.alphas.length}, counted from 0.`,
    );
  }
  switch (format) {
    case 'txt':
      return formatTxt(result, variantIndex);
    case 'md':
      return formatMd(result, variantIndex);
    case 'json':
      return formatJson(result);
    case 'srt':
      return formatSrt(result, variantIndex);
    case 'vtt':
      return formatVtt(result, variantIndex);
    default:
      return assertNever(format);
  }
}
