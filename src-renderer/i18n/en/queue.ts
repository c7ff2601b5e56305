/** The queue: how far each job is, what can be done with it, and the notice when it is done. */

import { formats } from '../formats.ts';

const { count, number } = formats('en');

export const queue = {
  title: 'Queue',
  open: (jobs: number) => `${number(jobs)} to do`,
  failed: (jobs: number) => `${number(jobs)} failed`,
  removeFinished: 'Clear finished',
  stages: {
    loading: 'Loading the model',
    transcribe: 'Transcribing',
    translate: 'Translating',
  },
  moreVersions: 'more versions',
  progress: (name: string) => `Progress of ${name}`,
  ofAudio: (done: string, total: string) => `${done} of ${total} minutes of audio`,
  audio: (done: string) => `${done} minutes of audio`,
  ofSentences: (done: number, total: number) =>
    `${number(done)} of ${count(total, 'sentence', 'sentences')}`,
  sentences: (done: number) => count(done, 'sentence', 'sentences'),
  lastMinute: 'less than a minute left',
  minutesLeft: (minutes: number) => `about ${number(minutes)} min left`,
  hoursLeft: (hours: number, minutes: number) =>
    `about ${number(hours)} h ${number(minutes)} min left`,
  actions: (name: string) => `Actions for ${name}`,
  cancel: (name: string) => `Cancel ${name}`,
  retry: 'Retry',
  retryNamed: (name: string) => `Retry ${name}`,
  remove: (name: string) => `Remove ${name} from the queue`,
  removeHint: 'The item stays in the history',
  edit: 'Edit …',
  first: 'Do first',
  up: 'Move up',
  down: 'Move down',
  editTitle: 'Change this job',
  done: {
    transcribe: 'A transcription is done.',
    translate: 'A translation is done.',
    several: 'Jobs are done.',
  },
  attention: 'A job needs your attention.',
};
