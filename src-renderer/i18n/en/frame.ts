/** What stands around every screen: the bar at the top, the connection, the database. */

import { formats } from '../formats.ts';

const { number } = formats('en');

export const frame = {
  skip: 'To the content',
  screens: 'Screens',
  titled: (screen: string) => `${screen} – Veer`,
  jobs: (running: number, waiting: number) =>
    [
      ...(running > 0 ? [`${number(running)} running`] : []),
      ...(waiting > 0 ? [`${number(waiting)} waiting`] : []),
    ].join(', '),
  jobsHint: 'Show the queue',
  library: 'Library',
  models: 'Models',
  settings: 'Settings',
  privacy: 'Privacy',
  offline: 'Offline',
  offlineHint: 'Nothing leaves this machine. What is stored where?',
  start: {
    title: 'Turn a recording into text, or translate a text',
    lead: 'Veer writes down what is said or translates what is written, shows where two versions differ, and lets you keep the better one. Nothing leaves this machine.',
    listens: (languages: string) => `Listens to ${languages}.`,
    translates: (directions: string) => `Translates ${directions}.`,
    more: (languages: number) => `${languages} more`,
    noModels: 'No model is there yet. Bring one in under “Models”.',
    samples: 'Try it with a sample',
    recording: 'A noisy recording',
    recordingHint: 'Ten seconds of spoken digits. Two versions differ: keep the better one.',
    letter: 'A short letter',
    letterHint: 'Everyday English, to be translated.',
    opening: 'Opening …',
    own: 'Or begin with your own: drop files anywhere in this window, choose them at the left, or paste a text there.',
    nothingOpen: 'Nothing is open',
    open: 'Choose an entry of the history, or press Enter on it. In an open item the key ? shows all keys.',
    add: 'Add more: drop files anywhere in this window, choose them at the left, or paste a text.',
  },
  connection: {
    deniedTitle: 'This page has no valid key',
    deniedWhy:
      'Veer gives out a new key each time it starts, so that no other page can read your texts. Open the whole address that Veer printed when it started: it begins with http://127.0.0.1 and ends with the key.',
    deniedStart: 'Is Veer not running? Start it again with “npm start” or “veer serve”.',
    lost: 'The connection to Veer is lost.',
    lostWhy:
      'What is done is stored. Trying again; if Veer was started anew, open the address that it printed.',
    tryNow: 'Try now',
  },
  database: {
    title: 'Your history cannot be opened',
    where: (path: string) => `It lies in ${path}.`,
    backups: 'Put a backup back',
    backupsHint: 'What is there now is kept beside it under another name.',
    putBack: 'Put back',
    putBackNamed: (name: string) => `Put back ${name}`,
    empty: 'Begin with an empty history',
    emptyHint:
      'The old one is set aside, not deleted; recordings that you imported stay where they are.',
    begin: 'Begin empty …',
    sure: 'Begin empty?',
    yes: 'Begin empty',
  },
};
