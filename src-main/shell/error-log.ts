/**
 * What went wrong without anybody noticing, for a report. Names, codes and places in the program
 * only: a message can hold a file name or a piece of text, and those stay out.
 */

import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { VeerError } from '../contract/errors.ts';

/** Bytes after which a new file is begun; one old file is kept. */
const MOST = 256 * 1024;
const FRAMES_KEPT = 12;

/**
 * One entry of the log.
 *
 * @param what how the error came here, such as `uncaughtException`
 * @param time milliseconds since 1970
 */
export function describeError(what: string, error: unknown, time: number): string {
  const head = `${new Date(time).toISOString()} ${what} ${errorName(error)}`;
  const cause =
    error instanceof Error && error.cause !== undefined
      ? [`  caused by ${errorName(error.cause)}`]
      : [];
  return `${[head, ...frames(error), ...cause].join('\n')}\n`;
}

/** Writes at once, since the program may end. A log that cannot be written stops nothing. */
export class ErrorLog {
  readonly #path: string;
  readonly #now: () => number;

  constructor(path: string, now: () => number = Date.now) {
    this.#path = path;
    this.#now = now;
  }

  write(what: string, error: unknown): void {
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
      if (size > MOST) renameSync(this.#path, `${this.#path}.old`);
      appendFileSync(this.#path, describeError(what, error, this.#now()), { mode: 0o600 });
    } catch {
      // There is no place left to say it.
    }
  }
}

function errorName(error: unknown): string {
  if (error instanceof VeerError) return `${error.name} ${error.code}`;
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  return /^\w+$/.test(error.name) && /^(?: \w+)?$/.test(code) ? `${error.name}${code}` : 'Error';
}

/** Function, file and line; the folders above the program name the person and are cut off. */
function frames(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const places: string[] = [];
  for (const line of (error.stack ?? '').split('\n')) {
    const match = /^\s+at (?:async )?(?:([\w.$#<>[\] ]+) \()?.*?([\w.-]+:\d+:\d+)\)?$/.exec(line);
    if (match !== null)
      places.push(`  at ${match[1] === undefined ? '' : `${match[1]} `}${match[2]}`);
  }
  return places.slice(0, FRAMES_KEPT);
}
