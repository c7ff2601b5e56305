/** A job in words: what is being done to it, how far it is, how long it still takes. */

import type { Job } from '../../../src-main/contract/jobs.ts';
import type { Formats } from '../../i18n/formats.ts';
import type { Messages } from '../../i18n/messages.ts';
import { minutesLeft } from '../../state/queue/time-left.ts';

type Words = Messages['queue'];

/** '' for a job that is not being done: its badge says why. */
export function stageOf({ state, stage, settings }: Job, { stages }: Words): string {
  if (state !== 'running') return '';
  return stage === 'decoding' ? stages[settings.task] : stages.loading;
}

/** '' while nothing is known. */
export function amountOf(
  { settings, done, total, state }: Job,
  words: Words,
  { clock }: Pick<Formats, 'clock'>,
): string {
  if (done === 0 && state !== 'running') return '';
  if (settings.task === 'transcribe') {
    return total === null ? words.audio(clock(done)) : words.ofAudio(clock(done), clock(total));
  }
  const sentences = Math.round(done);
  return total === null ? words.sentences(sentences) : words.ofSentences(sentences, total);
}

/** @param left milliseconds; null while it is not known */
export function timeLeftWords(left: number | null, words: Words): string {
  if (left === null) return '';
  const minutes = minutesLeft(left);
  if (minutes === 0) return words.lastMinute;
  if (minutes < 60) return words.minutesLeft(minutes);
  return words.hoursLeft(Math.floor(minutes / 60), minutes % 60);
}
