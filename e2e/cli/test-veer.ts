/** Runs the real command line as a process of its own. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..', '..');
export const CLI = join(ROOT, 'src-main', 'cli.ts');
export const AUDIO = join(ROOT, 'e2e', 'fixtures', 'audio');
/** A few recorded digits. */
export const UTTERANCE = join(ROOT, 'e2e', 'fixtures', 'speech-dev', 'digits-000.opus');

const NO_DATA = join(tmpdir(), 'veer-test-without-data');

export interface Outcome {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunSettings {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  /** XDG_DATA_HOME. */
  readonly dataHome?: string;
}

/** A run that is still going on. */
export interface Running {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
}

export function startVeer(args: readonly string[], settings: RunSettings = {}): Running {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: settings.cwd ?? ROOT,
    // Colours and widths of the terminal that runs the tests must not change what is tested, nor
    // models that somebody has imported.
    env: {
      ...process.env,
      NO_COLOR: '1',
      COLUMNS: '100',
      XDG_DATA_HOME: settings.dataHome ?? NO_DATA,
    },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // A command that fails early does not read its input; that is no failure of the test.
  child.stdin.on('error', () => undefined);
  if (settings.input !== undefined) child.stdin.end(settings.input);
  const outcome = new Promise<Outcome>((resolveOutcome, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolveOutcome({ code, stdout, stderr }));
  });
  return { child, outcome };
}

/** Runs a command to its end, with nothing on standard input unless `input` says so. */
export function veer(args: readonly string[], settings: RunSettings = {}): Promise<Outcome> {
  return startVeer(args, { input: '', ...settings }).outcome;
}

/** Error codes on stderr by the file that they name; '' where no file is named. */
export function errorCodes(stderr: string): Readonly<Record<string, string>> {
  const codes: Record<string, string> = {};
  for (const line of stderr.split('\n')) {
    const [, text = '', code = ''] = /^veer: (.+) \[([A-Z0-9_]+)\]$/.exec(line) ?? [];
    if (code !== '') codes[/^(\S+): /.exec(text)?.[1] ?? ''] = code;
  }
  return codes;
}

export class TestFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'veer-cli-'));

  /** Makes the folders on the way. @returns path of the file */
  write(name: string, content: Uint8Array | string): string {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** Names in a folder below, hidden ones included, sorted; none where it is not there. */
  list(name = '.'): readonly string[] {
    try {
      return readdirSync(join(this.path, name)).sort();
    } catch {
      return [];
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
