/** Whether a process is at work still, for tests that end some. */

import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';

export interface ProcessStatus {
  /** One letter, as /proc gives it: Z is dead and not yet collected by its parent. */
  readonly state: string;
  readonly parent: number;
}

/** Null for a process that is gone. Linux only. */
export function statusOf(pid: number): ProcessStatus | null {
  try {
    const [state = '', parent] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return null;
  }
}

/**
 * False for a process that is dead, also where nobody collected it: an orphan is left to the first
 * process of the machine, which may take its time.
 */
export function isAlive(pid: number): boolean {
  if (existsSync('/proc/self/stat')) {
    const status = statusOf(pid);
    return status !== null && status.state !== 'Z';
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
