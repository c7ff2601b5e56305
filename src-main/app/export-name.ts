/** What an exported file is called: the name of the item, the language it was translated to. */

import type { ExportFormat } from '../contract/export-formats.ts';
import type { Task } from '../contract/result.ts';

/** Not allowed in names on some system, or able to hide what a name says. */
const UNSAFE = /[\p{Cc}\p{Cf}<>:"/\\|?*]/gu;
const LONGEST = 120;

export function exportName(
  itemName: string,
  task: Task,
  language: string | null,
  format: ExportFormat,
): string {
  const stem = itemName
    .replace(/\.[^.]{1,5}$/, '')
    .replace(UNSAFE, '_')
    .slice(0, LONGEST)
    .replace(/^[. ]+|[. ]+$/g, '');
  const tongue = task === 'translate' && language !== null ? `.${language}` : '';
  return `${stem === '' ? 'veer' : stem}${tongue}.${format}`;
}
