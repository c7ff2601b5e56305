/** From the start of the command line to its first text: a bundled model, a short sample. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { SAMPLES_DIRECTORY } from '../dev-inputs.ts';
import { showProgress } from '../progress.ts';
import type { StartsMeasurement } from './benchmarks-file.ts';
import { spreadOf } from './statistics.ts';

const LAUNCHER = resolve(import.meta.dirname, '../../src-main/veer.js');
const COMMANDS = [
  ['transcribe', 'recorded-digits.en.flac'],
  ['translate', 'letter.en.txt'],
] as const;

/** One start to fill the caches, then `rounds` counted ones, in turns. */
export async function measureStarts(threads: number, rounds: number): Promise<StartsMeasurement> {
  const times = new Map<(typeof COMMANDS)[number], number[]>(
    COMMANDS.map((command) => [command, []]),
  );
  for (let round = 0; round <= rounds; round++) {
    showProgress(`Starts: round ${round} of ${rounds}`);
    for (const [[name, sample], list] of times) {
      const time = await timeToText([
        name,
        join(SAMPLES_DIRECTORY, sample),
        `--threads=${threads}`,
      ]);
      if (round > 0) list.push(time);
    }
  }
  showProgress('');
  const commands = [...times].map(([command, list]) => {
    return { command: `veer ${command.join(' ')}`, time: spreadOf(list) };
  });
  return { threads, commands };
}

/** @throws Error where the command writes nothing */
async function timeToText(args: readonly string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let first: number | null = null;
  child.stdout.on('data', () => {
    first ??= performance.now() - began;
  });
  await ended;
  if (first === null) throw new Error(`veer ${args.join(' ')} wrote nothing.`);
  return first;
}
