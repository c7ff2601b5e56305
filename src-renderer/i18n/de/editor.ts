/** Text berichtigen, suchen und ersetzen, und die Wiedergabe. */

import { formats } from '../formats.ts';
import type { Messages } from '../messages.ts';

const { count } = formats('de');

export const editor: Messages['editor'] = {
  field: (position) => `Text der Stelle ${position}`,
  fieldAt: (time) => `Text bei ${time}`,
  playFrom: (time) => `Ab ${time} abspielen`,
  playing: 'Wird abgespielt',
  growing: 'Wird geschrieben',
  corrected: 'berichtigt',
  backToMachine: 'Zurück zum Text der Maschine',
  notSaved: 'nicht gespeichert',
  status: {
    saving: 'Wird gespeichert …',
    saved: 'Gespeichert',
    failed: 'Nicht gespeichert. Der Text bleibt hier und wird erneut gespeichert.',
    tryNow: 'Jetzt versuchen',
  },
  find: 'Suchen und ersetzen',
  findWhat: 'Suchen',
  replaceWith: 'Ersetzen durch',
  matchCase: 'Groß- und Kleinschreibung',
  wholeWords: 'Ganze Wörter',
  next: 'Nächster Treffer',
  previous: 'Voriger Treffer',
  replace: 'Ersetzen',
  replaceAll: 'Alle ersetzen',
  closeFind: 'Suchen und Ersetzen schließen',
  matchOf: (position, total) => `${position} von ${total}`,
  noMatch: 'Kein Treffer',
  replacing: 'Wird ersetzt …',
  replaced: (matches) => `${count(matches, 'Treffer', 'Treffer')} ersetzt`,
  follow: 'Der Wiedergabe folgen',
  keyMap: {
    next: 'Zur nächsten Stelle',
    lineBreak: 'Zeilenumbruch',
    giveUp: 'Verwerfen, was noch nicht gespeichert ist',
    undo: 'Rückgängig',
    redo: 'Wiederholen',
    find: 'Suchen und ersetzen',
    findNext: 'Nächster Treffer; mit Umschalt der vorige',
    playUnit: 'Diese Stelle abspielen oder anhalten',
    toggle: 'Abspielen oder anhalten',
    back: '5 Sekunden zurück',
    forward: '5 Sekunden vor',
    slower: 'Langsamer',
    faster: 'Schneller',
  },
  empty: {
    title: 'Kein Text',
    waiting: 'Der Text erscheint hier, während er entsteht, und lässt sich sofort berichtigen.',
    nothing: 'In diesem Eintrag wurde nichts erkannt.',
    stopped: 'Die Arbeit an diesem Eintrag endete, bevor es Text gab.',
  },
  stillGrowing: 'Es kommt noch mehr Text. Was da ist, lässt sich schon berichtigen.',
  media: {
    waiting:
      'Die Aufnahme wird für die Wiedergabe vorbereitet. Der Text lässt sich inzwischen berichtigen.',
    failed: 'Diese Aufnahme lässt sich hier nicht abspielen. Der Text ist davon nicht betroffen.',
  },
  player: {
    name: 'Wiedergabe',
    play: 'Abspielen',
    pause: 'Anhalten',
    back: '5 Sekunden zurück',
    forward: '5 Sekunden vor',
    speed: 'Geschwindigkeit',
    position: 'Stelle in der Aufnahme',
    timeOf: (time, duration) => `${time} von ${duration}`,
    zoomIn: 'Weniger von der Aufnahme zeigen, größer',
    zoomOut: 'Mehr von der Aufnahme zeigen',
    failed: 'Die Aufnahme lässt sich nicht abspielen.',
  },
};
