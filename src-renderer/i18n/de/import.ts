/** Dateien und Texte hinzufügen, und was mit ihnen geschieht. */

import { formats } from '../formats.ts';
import type { Messages } from '../messages.ts';

const { count } = formats('de');

export const importing: Messages['importing'] = {
  title: 'Hinzufügen',
  choose: 'Dateien auswählen …',
  files: 'Dateien',
  orDrop: 'oder Ton, Video oder Text ins Fenster ziehen',
  dropFiles: (files) => `Loslassen, um ${count(files, 'Datei', 'Dateien')} hinzuzufügen`,
  drop: 'Loslassen zum Hinzufügen',
  dropHint: 'Aus Aufnahmen wird Text, Textdateien werden übersetzt.',
  dropBlocked: 'Berichtigen Sie zuerst die Optionen unter „Hinzufügen“',
  paste: 'Text zum Übersetzen',
  pasteHint: 'Oder Text einfügen',
  pasteDirection: 'Richtung für diesen Text',
  pasteSource: 'Sprache dieses Textes',
  pasteInto: 'Diesen Text übersetzen in',
  source: 'Sprache des Textes',
  sourceOpen: 'nach Vorgabe des Modells',
  direction: 'Richtung der Übersetzung',
  into: 'Übersetzen in',
  fromTo: (source, target) => `${source} → ${target}`,
  translate: 'Übersetzen',
  noTranslator: 'Kein Modell kann übersetzen. Holen Sie eines unter „Modelle“.',
  options: 'Optionen',
  recordings: 'Aufnahmen',
  spoken: 'Gesprochene Sprache',
  detected: 'automatisch',
  texts: 'Texte',
  model: 'Modell',
  noModel: 'Es ist kein Modell da.',
  thorough: 'Gründlich: wägt vier Texte zugleich ab (4 Beams), etwa dreimal langsamer',
  thoroughShort: 'gründlich',
  speech: {
    title: 'Mehr für Aufnahmen',
    toEnglish: 'Auf Englisch, was auch gesprochen wird',
    toEnglishShort: 'auf Englisch',
    qualityChecks:
      'Jeden Teil prüfen: neu versuchen, was sich wiederholt oder unsicher ist, Stille auslassen',
    qualityChecksShort: 'Prüfungen',
    sequential:
      'Den Zeiten folgen, die das Modell hört, nicht den Pausen: ergibt Zeiten der Satzteile, langsamer',
    sequentialShort: 'nach gehörten Zeiten',
    prompt: 'Erwartete Wörter',
    promptHint:
      'Namen und Fachwörter, so geschrieben, wie sie dastehen sollen. Nicht jedes Modell achtet darauf.',
    promptShort: 'erwartete Wörter',
  },
  strengths: 'Weitere Fassungen (α)',
  strengthsHint:
    'Neben dem einfachen Text kann Veer weitere schreiben, indem es das Modell etwas anstößt (α = wie stark), zum Beispiel 0,3 0,6.',
  strengthsOpen: 'wie das Modell vorschlägt',
  strengthsOpenHint: 'Leer: eine nach Vorschlag des Modells, nur bei belegtem Gewinn.',
  strengthsOpenAutomatic: 'Leer: drei, um den Vorschlag des Modells herum.',
  chooses:
    'Für mich wählen: von jeder Stelle wird die Fassung zum Text, die den anderen am ähnlichsten ist, nicht die einfache (langsamer)',
  choosesShort: 'für mich gewählt',
  notANumber: (word) => `„${word}“ ist keine Zahl. Schreiben Sie zum Beispiel 0,3 0,6`,
  tooMany: (most) => `Höchstens ${count(most, 'Wert', 'Werte')}.`,
  doNotKeep: 'Nicht behalten, wenn Veer beendet wird',
  notKept: 'nicht behalten',
  uploads: 'Dateien auf dem Weg',
  sent: (name) => `Übertragen von ${name}`,
  sentOf: (sent, total) => `${sent} von ${total}`,
  next: 'Kommt als Nächstes',
  cancelNamed: (name) => `${name} abbrechen`,
  dismiss: 'Verwerfen',
  dismissNamed: (name) => `${name} verwerfen`,
};
