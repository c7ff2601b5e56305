/** Was jeden Schirm umgibt: die Leiste oben, die Verbindung, die Datenbank. */

import { formats } from '../formats.ts';
import type { Messages } from '../messages.ts';

const { count } = formats('de');

export const frame: Messages['frame'] = {
  skip: 'Zum Inhalt',
  screens: 'Ansichten',
  titled: (screen) => `${screen} – Veer`,
  jobs: (running, waiting) =>
    [
      ...(running > 0 ? [count(running, 'läuft', 'laufen')] : []),
      ...(waiting > 0 ? [count(waiting, 'wartet', 'warten')] : []),
    ].join(', '),
  jobsHint: 'Die Warteschlange zeigen',
  library: 'Bibliothek',
  models: 'Modelle',
  settings: 'Einstellungen',
  privacy: 'Datenschutz',
  offline: 'Offline',
  offlineHint: 'Nichts verlässt diesen Rechner. Was liegt wo?',
  start: {
    title: 'Eine Aufnahme zu Text machen oder einen Text übersetzen',
    lead: 'Veer schreibt auf, was gesagt wird, oder übersetzt, was geschrieben steht, zeigt, wo sich zwei Fassungen unterscheiden, und lässt Sie die bessere behalten. Nichts verlässt diesen Rechner.',
    listens: (languages) => `Versteht ${languages}.`,
    translates: (directions) => `Übersetzt ${directions}.`,
    more: (languages) => `${languages} weitere`,
    noModels: 'Es ist noch kein Modell da. Holen Sie eines unter „Modelle“.',
    samples: 'Mit einem Beispiel ausprobieren',
    recording: 'Eine verrauschte Aufnahme',
    recordingHint:
      'Zehn Sekunden gesprochene Ziffern. Zwei Fassungen unterscheiden sich: Behalten Sie die bessere.',
    letter: 'Ein kurzer Brief',
    letterHint: 'Alltägliches Englisch, wird übersetzt.',
    opening: 'Wird geöffnet …',
    own: 'Oder beginnen Sie mit Eigenem: Dateien irgendwo in dieses Fenster ziehen, links auswählen oder dort einen Text einfügen.',
    nothingOpen: 'Nichts ist geöffnet',
    open: 'Wählen Sie einen Eintrag im Verlauf, oder drücken Sie auf ihm die Eingabetaste. In einem offenen Eintrag zeigt die Taste ? alle Tasten.',
    add: 'Mehr hinzufügen: Dateien irgendwo in dieses Fenster ziehen, links auswählen oder einen Text einfügen.',
  },
  connection: {
    deniedTitle: 'Diese Seite hat keinen gültigen Schlüssel',
    deniedWhy:
      'Veer gibt bei jedem Start einen neuen Schlüssel aus, damit keine andere Seite Ihre Texte lesen kann. Öffnen Sie die ganze Adresse, die Veer beim Start ausgegeben hat: Sie beginnt mit http://127.0.0.1 und endet mit dem Schlüssel.',
    deniedStart: 'Läuft Veer nicht? Starten Sie es neu mit „npm start“ oder „veer serve“.',
    lost: 'Die Verbindung zu Veer ist unterbrochen.',
    lostWhy:
      'Was fertig ist, ist gespeichert. Es wird weiter versucht; wurde Veer neu gestartet, öffnen Sie die Adresse, die es ausgegeben hat.',
    tryNow: 'Jetzt versuchen',
  },
  database: {
    title: 'Ihr Verlauf lässt sich nicht öffnen',
    where: (path) => `Er liegt in ${path}.`,
    backups: 'Eine Sicherung zurückspielen',
    backupsHint: 'Was jetzt da ist, bleibt unter anderem Namen daneben liegen.',
    putBack: 'Zurückspielen',
    putBackNamed: (name) => `${name} zurückspielen`,
    empty: 'Mit leerem Verlauf beginnen',
    emptyHint:
      'Der alte wird beiseitegelegt, nicht gelöscht; Aufnahmen, die Sie hinzugefügt haben, bleiben, wo sie sind.',
    begin: 'Leer beginnen …',
    sure: 'Leer beginnen?',
    yes: 'Leer beginnen',
  },
};
