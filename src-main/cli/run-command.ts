/** `veer transcribe` and `veer translate`: files in, texts out. */

import type { ExportFormat } from '../contract/export-formats.ts';
import type { Result, Task } from '../contract/result.ts';
import { chosenResult, hasChoice } from '../export/chosen-result.ts';
import { formatResult } from '../export/format-result.ts';
import { OutputFolder } from './output-files.ts';
import type { FileRunContext } from './run-file.ts';
import { runFiles } from './run-files.ts';
import { planRun, type RunFlags } from './run-options.ts';
import { printable } from './terminal.ts';

export interface FormatFlags extends RunFlags {
  readonly format: ExportFormat;
}

/** @returns exit code */
export async function runCommand(
  task: Task,
  files: readonly string[],
  flags: FormatFlags,
  modelDirectories: readonly string[],
  context: FileRunContext,
): Promise<number> {
  const plan = await planRun(flags, task, modelDirectories, 'plain');
  const folder = flags.out === undefined ? null : await OutputFolder.open(flags.out, files);
  const deliver = async (file: string, result: Result) => {
    for (const { suffix, heading, text } of outputsOf(result, flags.format)) {
      if (folder !== null) {
        context.streams.stderr.write(`${printable(await folder.write(file, suffix, text))}\n`);
        continue;
      }
      const title = [files.length > 1 ? printable(file) : '', heading].filter(
        (part) => part !== '',
      );
      // JSON names its file itself, and headings would keep programs from reading it.
      if (title.length > 0 && flags.format !== 'json') {
        context.streams.stdout.write(`== ${title.join(', ')}\n`);
      }
      context.streams.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    }
  };
  return runFiles(files, () => ({ task, plan }), deliver, context);
}

interface Output {
  readonly suffix: string;
  readonly heading: string;
  readonly text: string;
}

/** JSON holds every α in one text; the other formats are one text per α, or that of the chosen ones. */
function outputsOf(result: Result, format: ExportFormat): readonly Output[] {
  const language = result.task === 'translate' && result.language ? `.${result.language}` : '';
  if (format === 'json') {
    return [{ suffix: `${language}.json`, heading: '', text: formatResult(result, 'json', 0) }];
  }
  if (hasChoice(result)) {
    const text = formatResult(chosenResult(result), format, 0);
    return [{ suffix: `${language}.${format}`, heading: '', text }];
  }
  return result.alphas.map((alpha, index) => {
    const several = result.alphas.length > 1;
    return {
      suffix: `${language}${several ? `.alpha-${alpha}` : ''}.${format}`,
      heading: several ? `α = ${alpha}` : '',
      text: formatResult(result, format, index),
    };
  });
}
