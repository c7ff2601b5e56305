/** Wörter, die an vielen Stellen stehen. */

import type { Messages } from '../messages.ts';

export const words: Messages['words'] = {
  keys: 'Tasten',
  keyNames: {
    Ctrl: 'Strg',
    Shift: 'Umschalt',
    Alt: 'Alt',
    Enter: 'Eingabe',
    Escape: 'Esc',
    Space: 'Leertaste',
  },
  close: 'Schließen',
  cancel: 'Abbrechen',
  back: 'Zurück',
  save: 'Speichern',
  delete: 'Löschen',
  undo: 'Rückgängig',
  redo: 'Wiederholen',
  more: 'Mehr',
  details: 'Einzelheiten',
  off: 'Aus',
  none: 'Keine',
  loading: 'Wird geladen …',
  exactWords: 'Der genaue Wortlaut, auf Englisch',
};

export const jobStates: Messages['jobStates'] = {
  waiting: 'Wartet',
  running: 'Läuft',
  done: 'Fertig',
  failed: 'Fehlgeschlagen',
  cancelled: 'Abgebrochen',
};
