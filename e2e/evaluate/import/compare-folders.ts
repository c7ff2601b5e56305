/**
 * One model in two folders of graphs, by the command line, in turns, each run a process of its own:
 *
 *   node compare-folders.ts OURS TODAYS DTYPE PAIRS transcribe|translate FILE [more options of veer]
 *
 * Prints elapsed time, processor time and peak memory of every run (of the largest process, by GNU time), the
 * ratios pair by pair, and whether both wrote the same.
 */

import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { ratioText, spreadOf } from '../../bench/statistics.ts';

const VEER = resolve(import.meta.dirname, '../../../src-main/veer.js');

interface Run {
  readonly seconds: number;
  /** Of all processors. */
  readonly processor: number;
  readonly megabytes: number;
  readonly text: string;
}

const [ours, todays, dtype, pairs, command, ...rest] = process.argv.slice(2);
if (!ours || !todays || !dtype || !command) throw new Error('OURS TODAYS DTYPE PAIRS COMMAND FILE');

async function measured(model: string): Promise<Run> {
  const veer = [VEER, command ?? '', ...rest, '--model', model, '--dtype', dtype ?? ''];
  const { stdout, stderr } = await promisify(execFile)(
    '/usr/bin/time',
    ['-f', 'measured %e %U %S %M', process.execPath, ...veer],
    { maxBuffer: 1e8 },
  );
  const numbers = /measured (.+)/.exec(stderr)?.[1]?.split(' ').map(Number) ?? [];
  const [seconds = 0, user = 0, system = 0, kilobytes = 0] = numbers;
  return { seconds, processor: user + system, megabytes: kilobytes / 1000, text: stdout };
}

const write = (line: string) => process.stdout.write(`${line}\n`);
const ratios: Omit<Run, 'text'>[] = [];
for (let pair = 0; pair < Number(pairs); pair++) {
  const isOursFirst = pair % 2 === 0;
  const first = await measured(isOursFirst ? ours : todays);
  const second = await measured(isOursFirst ? todays : ours);
  const [own, other] = isOursFirst ? [first, second] : [second, first];
  ratios.push({
    seconds: own.seconds / other.seconds,
    processor: own.processor / other.processor,
    megabytes: own.megabytes / other.megabytes,
  });
  const shown = ({ seconds, processor, megabytes }: Run) =>
    `${seconds.toFixed(1)} s (processor ${processor.toFixed(1)} s), ${megabytes.toFixed(0)} MB`;
  const same = own.text === other.text ? 'same text' : 'other text';
  write(`${pair + 1}: ours ${shown(own)}; today's ${shown(other)}; ${same}`);
}
for (const [what, of] of [
  ['time', ratios.map(({ seconds }) => seconds)],
  ['processor time', ratios.map(({ processor }) => processor)],
  ['memory', ratios.map(({ megabytes }) => megabytes)],
] as const) {
  write(`${what} ${ratioText(spreadOf(of))}`);
}
