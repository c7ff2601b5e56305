import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { electronProgram, type StartSurroundings, start } from './start.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'veer-start-'));
});
afterEach(() => rm(directory, { recursive: true }));

interface Recorded {
  readonly commands: string[][];
  readonly limits: (number | null)[];
  readonly lines: string[];
  readonly machine: StartSurroundings;
}

/** A machine that writes down what it is asked to run, and does `onRun` instead. */
function record(onRun: (args: readonly string[]) => Promise<number>, electron = true): Recorded {
  const commands: string[][] = [];
  const limits: (number | null)[] = [];
  const lines: string[] = [];
  return {
    commands,
    limits,
    lines,
    machine: {
      electronPackage: electron ? directory : null,
      env: {},
      fetchLimit: 60_000,
      run: (command, args, { limit }) => {
        commands.push([command, ...args]);
        limits.push(limit);
        return onRun(args);
      },
      say: (line) => lines.push(line),
    },
  };
}

/** What Electron's install script leaves behind. */
async function install(): Promise<string> {
  await mkdir(join(directory, 'dist'));
  await writeFile(join(directory, 'dist', 'electron'), '');
  await writeFile(join(directory, 'path.txt'), 'electron');
  return join(directory, 'dist', 'electron');
}

test('without Electron the screens are built for the browser, and one line says so', async () => {
  const { machine, commands, limits, lines } = record(async () => 0);
  expect(await start(['--port', '0'], machine)).toBe(0);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('browser');
  expect(commands).toHaveLength(3);
  expect(commands[0]?.[1]).toBe(join(directory, 'install.js'));
  expect(limits).toEqual([60_000, null, null]);
  expect(commands[1]?.at(-1)).toBe('build');
  expect(commands[2]?.slice(1)).toEqual([
    expect.stringMatching(/src-main[\\/]cli\.ts$/),
    'serve',
    '--port',
    '0',
  ]);
});

test('where the package of Electron is not installed nothing is fetched', async () => {
  const { machine, commands } = record(async () => 0, false);
  await start([], machine);
  expect(commands.map((command) => command[2])).toEqual(['build', 'serve']);
});

test('Electron that is here is built for and started, and nothing is fetched', async () => {
  const program = await install();
  const { machine, commands, lines } = record(async () => 0);
  expect(await start([], machine)).toBe(0);
  expect(commands.map((command) => command.at(-1))).toEqual(['build', commands[1]?.[1]]);
  expect(commands[1]?.[0]).toBe(program);
  expect(lines).toEqual([]);
});

test('Electron that could be fetched is started', async () => {
  let program = '';
  const { machine, commands } = record(async (args) => {
    if (args[0]?.endsWith('install.js')) program = await install();
    return 0;
  });
  await start([], machine);
  expect(commands.at(-1)?.[0]).toBe(program);
});

test('a build that fails is said and nothing is started', async () => {
  await install();
  const { machine, commands, lines } = record(async () => 2);
  expect(await start([], machine)).toBe(2);
  expect(commands).toHaveLength(1);
  expect(lines[0]).toContain('npm run build');
});

test('an overriding folder is used where the program is in it', async () => {
  const program = await install();
  const env = { ELECTRON_OVERRIDE_DIST_PATH: join(directory, 'dist') };
  expect(electronProgram(directory, env)).toBe(program);
  expect(electronProgram(directory, { ELECTRON_OVERRIDE_DIST_PATH: directory })).toBeNull();
});
