/** When a job is worth a notice of the system, and which one. It never says what the job was about. */

import type { Job } from '../../../src-main/contract/jobs.ts';
import { isActive, isForPeople } from '../../state/queue/queue-order.ts';

export type Notice = 'transcribe' | 'translate' | 'several' | 'attention';

/**
 * Of what ended between two sights of the queue; jobs that were never seen before its end (a list
 * that was read for the first time) are old news.
 */
export function noticeOf(before: readonly Job[], now: readonly Job[]): Notice | null {
  const running = new Set(before.filter(isActive).map(({ id }) => id));
  const ended = now.filter((job) => isForPeople(job) && running.has(job.id) && !isActive(job));
  if (ended.some(({ state }) => state === 'failed')) return 'attention';
  // What was cancelled is known to whoever did it.
  const done = ended.filter(({ state }) => state === 'done');
  if (done.length > 1) return 'several';
  return done[0]?.settings.task ?? null;
}

/**
 * Of the page; shown in the browser's tab and in the list of windows.
 *
 * @param screen its name with the program's
 */
export function titleOf(open: number, screen: string): string {
  return open === 0 ? screen : `(${open}) ${screen}`;
}
