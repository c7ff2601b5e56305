/** What a person sees on a terminal: a pseudo terminal from util-linux, where it is there. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SAMPLES_DIRECTORY } from '../dev-inputs.ts';
import { CLI } from './test-veer.ts';

/** Runs a command on a pseudo terminal; BSD has another program of this name. */
const SCRIPT = 'script';
const version = spawnSync(SCRIPT, ['--version'], { encoding: 'utf8' }).stdout;
const letter = join(SAMPLES_DIRECTORY, 'letter.en.txt');

function onTerminal(args: string, env: Readonly<Record<string, string>> = {}): string {
  const command = `stty cols 90; "${process.execPath}" "${CLI}" ${args}`;
  const { NO_COLOR: _, ...inherited } = process.env;
  const outcome = spawnSync(SCRIPT, ['-qec', command, '/dev/null'], {
    encoding: 'utf8',
    env: { ...inherited, TERM: 'xterm-256color', ...env },
    input: '',
  });
  expect(outcome.status).toBe(0);
  return outcome.stdout.replaceAll('\r\n', '\n');
}

describe.runIf(version?.includes('util-linux'))('on a terminal', () => {
  it('progress is shown on one line that is gone at the end', () => {
    const shown = onTerminal(`translate "${letter}"`);
    const frames = shown.split('\r\u001b[2K');
    expect(frames.length).toBeGreaterThan(2);
    expect(frames.some((frame) => /█{24} 100 %/.test(frame))).toBe(true);
    for (const frame of frames.slice(0, -1)) expect([...frame].length).toBeLessThan(90);
    // What is left is the translation alone.
    expect(stripVTControlCharacters(frames.at(-1) ?? '')).not.toMatch(/[█░%]/);
  });

  it('differences have colours, which NO_COLOR switches off', () => {
    const coloured = onTerminal(`compare "${letter}" --alpha 0,0.5 2>/dev/null`);
    expect(coloured).toContain('\u001b[31m[-');
    expect(coloured).toContain('\u001b[32m{+');
    const plain = onTerminal(`compare "${letter}" --alpha 0,0.5 2>/dev/null`, { NO_COLOR: '1' });
    expect(plain).not.toContain('\u001b[');
    const rows = plain.split('\n').filter((line) => line.includes('│'));
    for (const row of rows) expect([...row].length).toBeLessThanOrEqual(90);
  });
});
