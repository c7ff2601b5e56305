/** Die Einstellungen, Abschnitt für Abschnitt. */

import { formats } from '../formats.ts';
import type { Messages } from '../messages.ts';

const { number } = formats('de');

export const settings: Messages['settings'] = {
  lead: 'Jede Änderung wird sofort gespeichert, auf diesem Rechner.',
  saved: 'Gespeichert',

  appearance: {
    title: 'Darstellung',
    theme: 'Farben',
    themes: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
    language: 'Sprache der Oberfläche',
    systemLanguage: 'Wie das System',
  },
  notifications: {
    title: 'Mitteilungen',
    switch: 'Mitteilen, wenn ein Auftrag endet, während ich anderswo bin',
    hint: 'Die Mitteilung nennt keine Datei und zeigt keinen Text.',
    denied:
      'Das System oder der Browser erlaubt Veer keine Mitteilungen. Erlauben Sie sie dort und schalten Sie dies dann noch einmal ein.',
    dismissed:
      'Die Frage des Systems wurde nicht beantwortet. Schalten Sie dies ein, um noch einmal gefragt zu werden.',
    missing: 'Dieser Browser kennt keine Mitteilungen.',
  },
  computing: {
    title: 'Rechnen',
    device: 'Rechnet auf',
    devices: {
      auto: 'Wählt Veer',
      cpu: 'Prozessor (CPU)',
      webgpu: 'Grafikkarte (WebGPU)',
      cuda: 'Grafikkarte (CUDA)',
      dml: 'Grafikkarte (DirectML)',
      coreml: 'Prozessoren von Apple (Core ML)',
    },
    deviceHint:
      'Veer wählt das schnellste Gerät, das „veer devices --bench“ am Modell gemessen hat, sonst den Prozessor. Geht es auf einem Gerät doch nicht, übernimmt der Prozessor, und am Eintrag steht, warum.',
    looking: 'Es wird nachgesehen, was dieser Rechner kann …',
    found: 'Was dieser Rechner kann',
    available: 'Verwendbar',
    unavailable: 'Nicht verwendbar',
    threads: 'Prozessor-Threads',
    threadsHint: 'Leer: von selbst gewählt. Weniger lassen anderen Programmen mehr Prozessor.',
    threadsWrong: (most) => `Eine ganze Zahl von 1 bis ${number(most)}, oder leer.`,
  },
  storage: {
    title: 'Speicher',
    where: 'Alles liegt in diesem Ordner:',
    part: 'Was',
    size: 'Größe',
    parts: {
      database: 'Verlauf mit allen Texten',
      backups: 'Sicherungen des Verlaufs',
      items: 'Aufnahmen zum Abspielen, Übertragenes, Ausgangstexte',
      'encoder-cache': 'Encoder-Ausgaben',
      'proxy-training': 'Ausgaben, an denen Proxys gelernt haben',
      models: 'Importierte Modelle',
    },
    total: 'Zusammen',
    counting: 'Wird gezählt …',
    cache: 'Platz für Encoder-Ausgaben',
    cacheHint:
      'Was ein Modell gehört hat, bleibt eine Weile liegen, damit eine weitere Fassung eines Textes sofort kommt. Über diese Grenze hinaus gehen die ältesten zuerst.',
    none: 'Keiner',
    clear: 'Jetzt leeren',
    clearTraining: 'Ausgaben des Proxy-Trainings leeren',
    clearing: 'Wird geleert …',
    cleared: 'Geleert. Ausgaben entstehen neu, wo sie gebraucht werden.',
  },
  history: {
    title: 'Verlauf',
    retention: 'Einträge behalten',
    forever: 'Bis ich sie lösche',
    limited: 'Für eine Anzahl von Tagen',
    days: 'Tage',
    daysWrong: (most) => `Eine ganze Zahl von 1 bis ${number(most)}.`,
    daysHint: 'Ältere Einträge werden von selbst gelöscht; die es schon sind, sofort.',
    apply: 'Anwenden',
    undo: 'Sekunden, in denen sich Löschen zurücknehmen lässt',
    undoHint: 'Danach ist nichts mehr davon auf dem Datenträger. 0: sofort.',
    undoWrong: (most) => `Eine ganze Zahl von 0 bis ${number(most)}.`,
  },
  backup: {
    title: 'Sicherung der Einstellungen',
    hint: 'Eine kleine Datei mit den Einstellungen dieser Seite. Sie enthält keine Texte und keinen Verlauf.',
    save: 'Einstellungen als Datei speichern …',
    restore: 'Einstellungen aus einer Datei übernehmen …',
    chooser: 'Datei mit Einstellungen',
    taken: 'Die Einstellungen der Datei gelten jetzt.',
    noSettings: 'In dieser Datei sind keine Einstellungen von Veer. Nichts wurde geändert.',
    otherVersion:
      'Diese Datei stammt von einer anderen Veer-Version mit anderen Einstellungen. Nichts wurde geändert.',
    refused: (entries) =>
      `Nichts wurde geändert: Diese Angaben kennt Veer nicht, oder nicht mit diesem Wert: ${entries}.`,
  },
  help: {
    title: 'Hilfe',
    version: (version) => `Veer ${version}`,
    keys: 'Alle Tasten zeigen …',
    keysHint: 'In einem offenen Eintrag tut das die Taste ?.',
    diagnostics: 'Diagnose',
    diagnosticsHint:
      'Eine Datei für alle, die Ihnen helfen: Versionen, Geräte, Modelle, Einstellungen, Anzahlen und Fehlercodes. Keine Namen, keine Texte, keine Aufnahmen. Sie sehen sie, bevor sie gespeichert wird, und sie wird nirgendwohin gesendet.',
    collect: 'Diagnose zeigen …',
    collecting: 'Wird zusammengestellt …',
    preview: 'Diagnose',
    previewHint: 'Das ist die ganze Datei.',
    save: 'Als Datei speichern',
    savedAs: (name) => `Gespeichert als ${name}.`,
  },
};
