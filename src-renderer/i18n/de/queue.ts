/** Die Warteschlange: wie weit jeder Auftrag ist, was man mit ihm tun kann, und die Mitteilung. */

import { formats } from '../formats.ts';
import type { Messages } from '../messages.ts';

const { count, number } = formats('de');

export const queue: Messages['queue'] = {
  title: 'Warteschlange',
  open: (jobs) => `${number(jobs)} offen`,
  failed: (jobs) => `${number(jobs)} fehlgeschlagen`,
  removeFinished: 'Fertige entfernen',
  stages: {
    loading: 'Modell wird geladen',
    transcribe: 'Wird transkribiert',
    translate: 'Wird übersetzt',
  },
  moreVersions: 'weitere Fassungen',
  progress: (name) => `Fortschritt von ${name}`,
  ofAudio: (done, total) => `${done} von ${total} Minuten Aufnahme`,
  audio: (done) => `${done} Minuten Aufnahme`,
  ofSentences: (done, total) => `${number(done)} von ${count(total, 'Satz', 'Sätzen')}`,
  sentences: (done) => count(done, 'Satz', 'Sätze'),
  lastMinute: 'noch weniger als eine Minute',
  minutesLeft: (minutes) => `noch etwa ${number(minutes)} min`,
  hoursLeft: (hours, minutes) => `noch etwa ${number(hours)} h ${number(minutes)} min`,
  actions: (name) => `Aktionen für ${name}`,
  cancel: (name) => `${name} abbrechen`,
  retry: 'Noch einmal',
  retryNamed: (name) => `${name} noch einmal versuchen`,
  remove: (name) => `${name} aus der Warteschlange entfernen`,
  removeHint: 'Der Eintrag bleibt im Verlauf',
  edit: 'Ändern …',
  first: 'Zuerst erledigen',
  up: 'Nach oben',
  down: 'Nach unten',
  editTitle: 'Auftrag ändern',
  done: {
    transcribe: 'Eine Transkription ist fertig.',
    translate: 'Eine Übersetzung ist fertig.',
    several: 'Aufträge sind fertig.',
  },
  attention: 'Ein Auftrag braucht Ihre Aufmerksamkeit.',
};
