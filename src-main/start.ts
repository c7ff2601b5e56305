/**
 * `npm start`: the desktop app where Electron's binary is here or can be fetched, otherwise the
 * same screens in the browser, said in one line. Electron fetches its binary when it is first
 * asked for, which can hang behind a firewall, so it is looked for and fetched here, with a limit.
 */

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const FETCH_SECONDS = 60;

/** What a start needs of the machine. */
export interface StartSurroundings {
  /** Folder of the package `electron`, or null where it is not installed. */
  readonly electronPackage: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds that fetching Electron may take. */
  readonly fetchLimit: number;
  /**
   * Runs a program to its end.
   *
   * @param limit milliseconds after which it is ended; null: none
   * @returns exit code; 1 where it was ended or could not be started
   */
  run(command: string, args: readonly string[], options: RunOptions): Promise<number>;
  say(line: string): void;
}

export interface RunOptions {
  readonly limit: number | null;
  /** Whether what it says is shown. */
  readonly quiet: boolean;
}

/** Path of Electron's program as its package would give it, or null where it is not there. */
export function electronProgram(
  packageDirectory: string | null,
  env: StartSurroundings['env'],
): string | null {
  if (packageDirectory === null) return null;
  const pathFile = join(packageDirectory, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : null;
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) {
    const program = join(override, name ?? 'electron');
    return existsSync(program) ? program : null;
  }
  if (name === null) return null;
  const program = join(packageDirectory, 'dist', name);
  return existsSync(program) ? program : null;
}

/**
 * @param args for the loopback shell or Electron, passed on as they are
 * @returns exit code of what was started
 */
export async function start(args: readonly string[], machine: StartSurroundings): Promise<number> {
  const program = await findOrFetch(machine);
  if (program === null) {
    machine.say(
      'Electron is not here and could not be fetched, so Veer opens in the browser instead.',
    );
  }
  const built = await machine.run(process.execPath, [electronVite(), 'build'], {
    limit: null,
    quiet: true,
  });
  if (built !== 0) {
    machine.say('Veer could not be built. "npm run build" says why.');
    return built;
  }
  const [command, own] =
    program === null
      ? [process.execPath, [join(ROOT, 'src-main/cli.ts'), 'serve']]
      : [program, [ROOT]];
  return machine.run(command, [...own, ...args], { limit: null, quiet: false });
}

async function findOrFetch(machine: StartSurroundings): Promise<string | null> {
  const { electronPackage, env, fetchLimit } = machine;
  const found = electronProgram(electronPackage, env);
  if (found !== null || electronPackage === null) return found;
  const install = join(electronPackage, 'install.js');
  await machine.run(process.execPath, [install], { limit: fetchLimit, quiet: true });
  return electronProgram(electronPackage, env);
}

function electronVite(): string {
  return join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js');
}

/** Folder of the package, found without running it: running it would fetch the binary. */
function electronPackage(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return null;
  }
}

function run(
  command: string,
  args: readonly string[],
  { limit, quiet }: RunOptions,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: quiet ? 'ignore' : 'inherit',
      ...(limit === null ? {} : { timeout: limit, killSignal: 'SIGKILL' as const }),
    });
    child.on('error', () => resolve(1));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

if (import.meta.main) {
  // Ctrl-C reaches what was started too, which ends in its own way.
  process.on('SIGINT', () => undefined);
  process.exitCode = await start(process.argv.slice(2), {
    electronPackage: electronPackage(),
    env: process.env,
    fetchLimit: FETCH_SECONDS * 1000,
    run,
    say: (line) => process.stdout.write(`${line}\n`),
  });
}
