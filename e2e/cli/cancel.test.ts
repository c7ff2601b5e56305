/** Ctrl-C, closed pipes and what is left behind. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wavBytes } from '../../src-main/engine/audio/test-files.ts';
import { readSamples, SAMPLES_DIRECTORY } from '../dev-inputs.ts';
import { type Running, startVeer, TestFolder } from './test-veer.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());
/** Milliseconds in which a cancelled command has ended. */
const PROMPT = 3500;
const linux = process.platform === 'linux';
let long: string;

beforeAll(async () => {
  const digits = await readSamples(join(SAMPLES_DIRECTORY, 'recorded-digits.en.flac'));
  const copies = 60;
  const samples = new Float32Array(copies * digits.length);
  for (let i = 0; i < copies; i++) samples.set(digits, i * digits.length);
  long = folder.write('long.wav', wavBytes(samples));
});

/** Parent and state of a process, or null where there is none. */
function processState(pid: number | string): { parent: number; state: string } | null {
  try {
    const [state = '', parent = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { parent: Number(parent), state };
  } catch {
    return null;
  }
}

function childrenOf(parent: number | undefined): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => processState(pid)?.parent === parent).map(Number);
}

/** A zombie only waits for its parent to read its exit code. */
function alive(pid: number): boolean {
  const found = processState(pid);
  return found !== null && found.state !== 'Z';
}

/**
 * Whether the command handles signals by now. Bit n - 1 of the mask stands for signal n; Node itself
 * catches SIGINT (2) from its start, SIGHUP (1) only for the command.
 */
function handlesSignals(pid: number | undefined): boolean {
  const mask = /^SigCgt:\s+([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (BigInt(`0x${mask ?? '0'}`) & 1n) !== 0n;
}

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(20);
}

/** Waits for the engine process, then `delay` ms, then interrupts. */
async function interrupt(run: Running, delay: number) {
  const { child } = run;
  await waitFor(() => !linux || childrenOf(child.pid).length > 0);
  await pause(linux ? delay : delay + 500);
  const engines = linux ? childrenOf(child.pid) : [];
  const start = performance.now();
  child.kill('SIGINT');
  const outcome = await run.outcome;
  return { outcome, engines, time: performance.now() - start };
}

describe.skipIf(process.platform === 'win32')('Ctrl-C', () => {
  it.each([
    ['while the engine starts', 30],
    ['while it decodes', 1500],
  ])('%s ends the command soon, with code 130 and nothing left', async (_, delay) => {
    const out = join(folder.path, `out ${delay}`);
    const run = startVeer(['transcribe', long, long, '--out', out]);
    const { outcome, engines, time } = await interrupt(run, delay);
    expect(outcome).toEqual({ code: 130, stdout: '', stderr: 'Cancelled.\n' });
    expect(time).toBeLessThan(PROMPT);
    expect(folder.list(`out ${delay}`)).toEqual([]);
    expect(engines).toHaveLength(linux ? 1 : 0);
    expect(engines.filter(alive)).toEqual([]);
  });

  it('ends a command that waits for text to be typed', async () => {
    const run = startVeer(['translate', '-']);
    await (linux ? waitFor(() => handlesSignals(run.child.pid)) : pause(2000));
    run.child.kill('SIGINT');
    expect(await run.outcome).toEqual({ code: 130, stdout: '', stderr: 'Cancelled.\n' });
  });
});

describe.runIf(linux)('the engine', () => {
  it('ends when the command is killed', async () => {
    const run = startVeer(['transcribe', long]);
    await waitFor(() => childrenOf(run.child.pid).length > 0);
    await pause(1200);
    const engines = childrenOf(run.child.pid);
    expect(engines).toHaveLength(1);
    run.child.kill('SIGKILL');
    await run.outcome;
    await waitFor(() => !engines.some(alive));
  });

  it('ends, and the command without a word, when the reader of a pipe has enough', async () => {
    const file = join(SAMPLES_DIRECTORY, 'noisy-digits.en.opus');
    const run = startVeer(['transcribe', file, file, file]);
    await waitFor(() => childrenOf(run.child.pid).length > 0);
    const engines = childrenOf(run.child.pid);
    run.child.stdout?.once('data', () => run.child.stdout?.destroy());
    const outcome = await run.outcome;
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    await waitFor(() => !engines.some(alive));
  });
});
