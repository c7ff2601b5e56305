/**
 * Command-line composition root: builds the parts, wires them, and maps errors to exit codes.
 * `cli.ts` starts it. What only one command needs is imported when that is called, so that the others
 * start the sooner.
 */

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import packageInfo from '../package.json' with { type: 'json' };
import { defaultDataDirectory } from './app/data-directory.ts';
import { DataFolder } from './app/data-folder.ts';
import type { BenchFlags } from './cli/bench-devices.ts';
import type { CompareFlags } from './cli/compare-command.ts';
import { EXIT } from './cli/exit-codes.ts';
import type { ModelActions } from './cli/model-actions.ts';
import { addModelCommands } from './cli/model-commands.ts';
import { addProxyCommands } from './cli/proxy-commands.ts';
import { type FormatFlags, runCommand } from './cli/run-command.ts';
import type { FileRunContext } from './cli/run-file.ts';
import { writeError } from './cli/run-files.ts';
import { addRunOptions, dtypeOption } from './cli/run-options.ts';
import { addSpeechOptions } from './cli/speech-options.ts';
import type { DeviceMeasurement } from './contract/devices.ts';
import { causeMessage, VeerError } from './contract/errors.ts';
import { EXPORT_FORMATS } from './contract/export-formats.ts';
import { EngineClient } from './engine-client/engine-client.ts';
import type { LaunchEngine } from './engine-client/engine-process.ts';
import { readMeasurements, storeMeasurements } from './settings/device-measurements.ts';

const BUNDLED_MODELS = [fileURLToPath(new URL('../models', import.meta.url))];
/** What the commands are given. */
interface CommandContext extends FileRunContext {
  readonly engine: EngineClient<'restart'>;
}

const DATA = new DataFolder(defaultDataDirectory());
const MODEL_DIRECTORIES = [...BUNDLED_MODELS, DATA.models];
const SAMPLES_DIRECTORY = fileURLToPath(new URL('../resources/samples', import.meta.url));

/**
 * Sets the exit code of this process when all is done.
 *
 * @param launch starts the engine, when a command needs it
 * @param signal that the person wants no more
 */
export async function runCommandLine(launch: LaunchEngine, signal: AbortSignal): Promise<void> {
  const context: CommandContext = {
    engine: new EngineClient({ onCrash: 'restart', launch }),
    streams: process,
    stdin: process.stdin,
    signal,
    measurements: () => readMeasurements(DATA.deviceMeasurements),
  };
  endWithReaders(context);
  let exitCode: number = EXIT.ok;
  const program = commandsOf(context, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync();
  } catch (error) {
    exitCode = failureCode(error, context);
  } finally {
    await context.engine.close();
  }
  process.exitCode = exitCode;
}

function endWithReaders({ streams }: CommandContext): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that closes the pipe early (`veer … | head`) wants nothing more.
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    const why = `The output cannot be written (${causeMessage(error)}). Choose another place for it.`;
    writeError(streams, null, new VeerError('OUTPUT_NOT_WRITABLE', why));
    process.exit(EXIT.filesFailed);
  });
  // Where nobody reads the messages, the results still count.
  process.stderr.on('error', () => undefined);
}

function commandsOf(context: CommandContext, setExitCode: (code: number) => void): Command {
  const program = new Command('veer')
    .description('Transcribe and translate files on this machine, plain and perturbed.')
    .version(packageInfo.version)
    .exitOverride()
    .showHelpAfterError('(veer --help shows what is possible)');

  addSpeechOptions(
    addRunOptions(
      program
        .command('transcribe <file...>')
        .description('write down what is spoken in audio and video files'),
    ),
  )
    .addOption(formatOption(EXPORT_FORMATS))
    .action(async (files: string[], flags: FormatFlags) => {
      setExitCode(await runCommand('transcribe', files, flags, MODEL_DIRECTORIES, context));
    });

  addRunOptions(
    program
      .command('translate <file...>')
      .description('translate text files, or - for standard input'),
  )
    // Subtitles need times, and a text has none.
    .addOption(formatOption(['txt', 'md', 'json']))
    .action(async (files: string[], flags: FormatFlags) => {
      setExitCode(await runCommand('translate', files, flags, MODEL_DIRECTORIES, context));
    });

  addSpeechOptions(
    addRunOptions(
      program
        .command('compare <file...>')
        .description('plain and perturbed output side by side, with the differences marked'),
    ),
  )
    .addOption(formatOption(['txt', 'json']))
    .action(async (files: string[], flags: CompareFlags) => {
      const { compareCommand } = await import('./cli/compare-command.ts');
      setExitCode(await compareCommand(files, flags, MODEL_DIRECTORIES, context));
    });

  addModelCommands(
    program,
    {
      streams: process,
      signal: context.signal,
      modelDirectories: MODEL_DIRECTORIES,
      actions: modelActions,
    },
    setExitCode,
  );

  addProxyCommands(
    program,
    {
      ...context,
      modelDirectories: MODEL_DIRECTORIES,
      cacheDirectory: DATA.trainingCache,
      version: packageInfo.version,
    },
    setExitCode,
  );

  program
    .command('devices')
    .description('list the devices that models can run on here')
    .option('--bench', 'measure each of them on a model; "--device auto" then takes the fastest')
    .option('--model <name>', 'with --bench: model by name or folder; default: one for each task')
    .addOption(dtypeOption())
    .option('--language <tag>', 'with --bench: language to write')
    .action(async ({ bench, ...flags }: BenchFlags & { readonly bench?: boolean }) => {
      if (bench !== true) {
        const { devicesReport } = await import('./cli/list-commands.ts');
        process.stdout.write(devicesReport(await context.engine.devices()));
        return;
      }
      const { benchDevices } = await import('./cli/bench-devices.ts');
      const store = (measured: readonly DeviceMeasurement[]) =>
        storeMeasurements(DATA.deviceMeasurements, measured);
      const print = (text: string) => process.stdout.write(text);
      await benchDevices(flags, MODEL_DIRECTORIES, { ...context, print, store });
    });

  program
    .command('serve')
    .description('open Veer in the browser; everything stays on this machine')
    .option('--port <number>', 'port on 127.0.0.1; 0 takes one that is free', parsePort, 0)
    .option('--data <folder>', 'where the history is kept', defaultDataDirectory())
    .option('--no-open', 'print the address only')
    .action(async ({ port, data, open }: { port: number; data: string; open: boolean }) => {
      const { serve } = await import('./web.ts');
      await serve({
        port,
        open,
        dataDirectory: resolve(data),
        modelDirectories: BUNDLED_MODELS,
        samplesDirectory: SAMPLES_DIRECTORY,
        version: packageInfo.version,
        signal: context.signal,
        say: (line) => process.stdout.write(`${line}\n`),
        warn: (line) => process.stderr.write(`veer: ${line}\n`),
        reportFault: (fault) => process.stderr.write(`veer: ${causeMessage(fault)}\n`),
      });
    });
  return program;
}

/** The application's own importing and removing, over the data folder of the command line. */
async function modelActions(): Promise<ModelActions> {
  const { commandLineLibrary } = await import('./app/command-line-library.ts');
  const library = commandLineLibrary(DATA, BUNDLED_MODELS, packageInfo.version);
  return {
    import: (request, signal) => library.importPaths(request, signal),
    remove: (name) => library.remove(name),
  };
}

function formatOption(formats: readonly string[]): Option {
  return new Option('--format <format>', 'how to write the result')
    .choices(formats)
    .default(formats[0]);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
}

/** What went wrong before or beside the files: a usage error with a sentence for people. */
function failureCode(error: unknown, { streams }: CommandContext): number {
  // Commander has printed its message already; help and version are no failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const named =
    error instanceof VeerError
      ? error
      : new VeerError(
          'INTERNAL',
          `Something went wrong that Veer does not know: ${causeMessage(error)}`,
        );
  writeError(streams, null, named);
  return named.code === 'INTERNAL' || named.code === 'ENGINE_CRASHED'
    ? EXIT.filesFailed
    : EXIT.usage;
}
