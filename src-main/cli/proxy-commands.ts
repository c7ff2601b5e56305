/**
 * `veer proxy`: training, evaluating, listing and deleting proxies (docs/proxies.md). What a command does is
 * imported when it is called: all other commands read this file too.
 */

import type { Command } from 'commander';
import type { EvaluateFlags } from './proxy-evaluate-command.ts';
import { addFrozenModelOptions, addTrainOptions, type TrainFlags } from './proxy-options.ts';
import type { ProxyContext } from './proxy-run.ts';
import { parseAlphas } from './run-options.ts';

/** @param onExit gets the exit code of a command that has one of its own */
export function addProxyCommands(
  program: Command,
  context: ProxyContext,
  onExit: (code: number) => void,
): void {
  const { modelDirectories, streams } = context;
  const proxy = program.command('proxy').description('train, measure, list and delete proxies');

  addTrainOptions(
    proxy
      .command('train <examples>')
      .description('train a proxy on a table (.tsv, .csv, .jsonl) or a folder of pairs'),
  ).action(async (table: string, flags: TrainFlags) => {
    const { proxyTrainCommand } = await import('./proxy-train-command.ts');
    onExit(await proxyTrainCommand(table, flags, context));
  });

  addFrozenModelOptions(
    proxy
      .command('evaluate <examples>')
      .description('measure a proxy on examples that it was not trained on'),
  )
    .option('--proxy <name>', 'proxy of the model; default: its first one')
    .option('--alpha <list>', 'step sizes; default: the suggested one', parseAlphas)
    .option('--seed <n>', 'of the bootstrap', Number, 0)
    .action(async (table: string, flags: EvaluateFlags) => {
      const { proxyEvaluateCommand } = await import('./proxy-evaluate-command.ts');
      onExit(await proxyEvaluateCommand(table, flags, context));
    });

  proxy
    .command('list')
    .description('list the proxies that are there')
    .option('--model <name>', 'of this model only')
    .action(async ({ model = null }: { model?: string | null }) => {
      const { proxiesReport } = await import('./proxy-list-commands.ts');
      streams.stdout.write(await proxiesReport(modelDirectories, model));
    });

  proxy
    .command('delete <id>')
    .description('delete a proxy that was trained here')
    .requiredOption('--model <name>', 'of this model')
    .action(async (id: string, { model }: { model: string }) => {
      const { deleteProxy } = await import('./proxy-list-commands.ts');
      streams.stdout.write(await deleteProxy(modelDirectories, model, id));
    });
}
