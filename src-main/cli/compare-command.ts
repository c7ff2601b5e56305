/** `veer compare`: plain and every α of a file side by side. */

import type { Result, Task } from '../contract/result.ts';
import { hasChoice, plainBesideChosen } from '../export/chosen-result.ts';
import { formatResult } from '../export/format-result.ts';
import { compareReport } from './compare-report.ts';
import { OutputFolder } from './output-files.ts';
import type { FileRunContext } from './run-file.ts';
import { runFiles } from './run-files.ts';
import { type PlannedRun, planRun, type RunFlags } from './run-options.ts';
import { printable } from './terminal.ts';

export interface CompareFlags extends RunFlags {
  readonly format: 'txt' | 'json';
}

const TEXT_FILE = /\.(txt|text|md|markdown)$/i;
const PIPE_WIDTH = 100;

/** @returns exit code */
export async function compareCommand(
  files: readonly string[],
  flags: CompareFlags,
  modelDirectories: readonly string[],
  context: FileRunContext,
): Promise<number> {
  const { stdout, stderr } = context.streams;
  const plans = new Map<Task, PlannedRun>();
  for (const task of new Set(files.map(taskOf))) {
    const plan = await planRun(flags, task, modelDirectories, 'suggested');
    plans.set(task, plan);
    const open = flags.alpha === undefined || flags.alpha === 'auto';
    if (open && plan.options.alphas.length === 1) {
      stderr.write(`veer: plain output only. ${printable(plainOnlyReason(plan))}\n`);
    }
  }
  const planOf = (file: string) => {
    const task = taskOf(file);
    return { task, plan: plans.get(task) as PlannedRun };
  };
  const folder = flags.out === undefined ? null : await OutputFolder.open(flags.out, files);
  const deliver = async (file: string, result: Result) => {
    const toScreen = folder === null;
    const text =
      flags.format === 'json'
        ? formatResult(result, 'json', 0)
        : compareReport(hasChoice(result) ? plainBesideChosen(result) : result, {
            width: (toScreen && stdout.columns) || PIPE_WIDTH,
            colour: toScreen && stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
          });
    if (folder === null) stdout.write(text);
    else stderr.write(`${printable(await folder.write(file, `.compare.${flags.format}`, text))}\n`);
  };
  return runFiles(files, planOf, deliver, context);
}

/** A text file is translated, everything else is listened to. */
function taskOf(file: string): Task {
  return file === '-' || TEXT_FILE.test(file) ? 'translate' : 'transcribe';
}

/** Why there is nothing to compare with. */
function plainOnlyReason({ model }: PlannedRun): string {
  if (model.proxies.length > 0) return 'The proxy suggests no step for this dtype; see --alpha.';
  return model.brokenProxies[0]?.problem ?? `${model.id} has no proxy.`;
}
