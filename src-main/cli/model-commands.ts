/** `veer models`: the list, and bringing models in, removing and showing them (docs/models.md). */

import { basename, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { DTYPES, type Dtype, dtypeSchema } from '../contract/devices.ts';
import { VeerError } from '../contract/errors.ts';
import { MODEL_NAME } from '../contract/model-import.ts';
import type { ModelCommandsContext } from './model-actions.ts';

interface ImportFlags {
  readonly dtype?: readonly Dtype[];
  readonly name?: string;
}

/** @param onExit gets the exit code of a command that has one of its own */
export function addModelCommands(
  program: Command,
  context: ModelCommandsContext,
  onExit: (code: number) => void,
): void {
  const { modelDirectories, streams } = context;
  const models = program
    .command('models')
    .description('list the models and proxies that are there; import, remove and show them')
    .action(async () => {
      const { modelsReport } = await import('./list-commands.ts');
      streams.stdout.write(await modelsReport(modelDirectories));
    });

  models
    .command('import <path...>')
    .description(
      'make a model of a folder or file: ONNX, safetensors, CTranslate2, ggml, Argos, Marian, or a zip',
    )
    .option(
      '--dtype <list>',
      'graphs to make, of fp32, fp16, int8, q4; default: int8,fp16, or all graphs of an ONNX folder',
      parseDtypes,
    )
    .option('--name <name>', 'of the model; default: that of the folder or file', parseModelName)
    .action(async (paths: string[], flags: ImportFlags) => {
      const { importCommand } = await import('./model-import-command.ts');
      const request = {
        name: flags.name ?? nameOf(paths),
        paths: paths.map((path) => resolve(path)),
        dtypes: flags.dtype ?? null,
      };
      onExit(await importCommand(request, context));
    });

  models
    .command('remove <name>')
    .description('delete an imported model')
    .action(async (name: string) => {
      const { remove } = await context.actions();
      await remove(name);
      streams.stdout.write(`${name} is removed.\n`);
    });

  models
    .command('show <name>')
    .description('what a model is, can do and was made of, and its card')
    .action(async (name: string) => {
      const { modelReport } = await import('./model-report.ts');
      streams.stdout.write(await modelReport(modelDirectories, name));
    });
}

function parseDtypes(text: string): readonly Dtype[] {
  return [...new Set(text.split(','))].map((name) => {
    const parsed = dtypeSchema.safeParse(name.trim());
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(`"${name}" is none of ${DTYPES.join(', ')}.`);
  });
}

function parseModelName(text: string): string {
  if (MODEL_NAME.test(text)) return text;
  throw new InvalidArgumentError(
    'A name begins with a letter or digit, and has letters, digits, dots, - and _ only, at most 100.',
  );
}

/** Endings that say the format and not the name. */
const ENDINGS = /\.(zip|argosmodel|bin|npz|safetensors)$/i;

/**
 * `models--openai--whisper-tiny` becomes `whisper-tiny`, `ggml-base.bin` `ggml-base`, and a file that is
 * called as in every model (`model.bin`) has the name of its folder.
 */
function nameOf(paths: readonly string[]): string {
  const [first = ''] = paths;
  const parts = resolve(first).split(/[/\\]/);
  const cached = parts.find((part) => part.startsWith('models--'));
  const own = basename(resolve(first)).replace(ENDINGS, '');
  const chosen = cached?.split('--').at(-1) ?? (own === 'model' ? (parts.at(-2) ?? own) : own);
  const name = chosen.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  if (MODEL_NAME.test(name)) return name;
  throw new VeerError(
    'OPTION_INVALID',
    `"${chosen}" can be no name of a model. Give it one with --name.`,
  );
}
