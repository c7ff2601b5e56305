/** Was liegt wo, und warum nichts den Rechner verlässt. */

import type { Messages } from '../messages.ts';

export const privacy: Messages['privacy'] = {
  lead: 'Veer arbeitet ohne Netz. Was Sie ihm geben und was es daraus macht, bleibt auf diesem Rechner.',
  stored: 'Was gespeichert ist, und wo',
  folder: 'Alles liegt in diesem Ordner, allein für Ihr Benutzerkonto angelegt:',
  what: 'Was',
  where: 'Wo',
  howLong: 'Wie lange',
  howRemoved: 'Wie man es entfernt',
  takes: (size) => `jetzt ${size}`,
  untilDeleted: 'Bis Sie den Eintrag löschen oder er älter ist, als die Einstellungen erlauben',
  deleteItem: 'Den Eintrag im Verlauf löschen',
  rows: {
    recordings: {
      what: 'Aufnahmen, die Sie hinzufügen',
      inWindow: 'Wo sie sind. Veer merkt sich den Ort und ändert nichts.',
      inBrowser:
        'Als Kopie in items/, weil ein Browser nicht sagt, wo eine Datei liegt. Ihre eigene Datei bleibt, wie sie ist.',
      remove: 'Den Eintrag löschen; Ihre eigene Datei wird nie gelöscht',
    },
    playback: { what: 'Kopien zum Abspielen und ihre Wellenform' },
    sources: { what: 'Texte, die Sie hinzufügen' },
    texts: {
      what: 'Mitschriften, Übersetzungen, Verbesserungen, Bezugstexte, Namen',
    },
    outputs: {
      what: 'Encoder-Ausgaben: was ein Modell gehört hat, in Zahlen',
      long: 'Bis der Platz aus den Einstellungen voll ist oder der Eintrag gelöscht wird',
      remove: 'Einstellungen, Speicher, „Jetzt leeren“',
    },
    training: {
      what: 'Ausgaben, an denen Proxys gelernt haben, nur auf Befehl: was ein Modell aus Ihren Beispielen machte, in Zahlen, und seine Texte',
      long: 'Bis der Platz für sie voll ist',
      remove: 'Einstellungen, Speicher, „Ausgaben des Proxy-Trainings leeren“',
    },
    backups: {
      what: 'Sicherungen des Verlaufs, bevor eine neue Version ihn ändert',
      long: 'Bis ein Eintrag, der darin steht, endgültig gelöscht wird',
      remove: 'Die Dateien im Ordner löschen',
    },
    setAside: {
      what: 'Ein Verlauf, der wegen eines Schadens beiseitegelegt wurde',
      long: 'Bis Sie ihn löschen: Veer rührt ihn nicht mehr an, er enthält also auch, was Sie später löschen',
      remove: 'Die Datei im Ordner löschen',
    },
    models: {
      what: 'Modelle, die Sie importieren',
      long: 'Bis Sie sie entfernen',
      remove: 'Modelle, „Entfernen …“',
    },
    settings: {
      what: 'Einstellungen',
      long: 'Bis Sie sie ändern',
      remove: 'Die Datei löschen, während Veer beendet ist',
    },
    uploads: {
      what: 'Dateien auf dem Weg aus dem Browser',
      long: 'Bis sie hinzugefügt sind; was übrig bleibt, geht beim nächsten Start',
      remove: 'Nichts zu tun',
    },
    program: {
      what: 'Ort des Fensters, Codes von Störungen (keine Texte, keine Namen), Daten des Fensters selbst',
      long: 'Bis Sie sie löschen',
      remove: 'Löschen, während Veer beendet ist',
    },
  },

  leaves: 'Was diesen Rechner verlässt',
  nothing: 'Nichts.',
  nothingWhy: [
    'Kein Teil von Veer verbindet sich mit einem anderen Rechner. Tests suchen im Programm danach, und einer macht bei abgeschaltetem Netz aus einer Aufnahme Text.',
    'Diese Seite darf nirgendwo anders etwas laden oder hinsenden: Eine strenge Regel des Browsers (Content Security Policy) verbietet es.',
    'Modelle sind Ordner, die Sie hereinholen. Veer lädt keine, sucht keine Updates und zählt niemanden.',
  ],
  loopback:
    'Im Browser sprechen Seite und Programm über 127.0.0.1 miteinander, eine Adresse, die andere Rechner nicht erreichen.',
  window: 'Im eigenen Fenster verwendet Veer gar keine Netzadresse.',

  key: 'Der Schlüssel in der Adresse',
  keyWhy: [
    'Die Adresse, die Veer beim Start ausgibt, endet mit einem Schlüssel aus 256 zufälligen Bits. Ohne ihn kann keine andere Seite und kein anderes Programm Ihre Texte lesen.',
    'Er ist bei jedem Start neu. Diese Seite nimmt ihn sofort aus der Adresse und behält ihn nur für diesen Tab; gesendet wird er niemandem außer Veer.',
    'Wer die ganze Adresse hat, hat alles, solange Veer läuft. Geben Sie sie nicht weiter.',
  ],

  deletion: 'Löschen und nicht behalten',
  deletionWhy: [
    'Löschen lässt sich eine kurze Zeit zurücknehmen, die Sie einstellen. Dann gehen Aufnahmen, Texte, Fassungen und Encoder-Ausgaben vom Datenträger, und der Verlauf wird neu geschrieben, damit in seiner Datei keine Spur bleibt.',
    '„Nicht behalten, wenn Veer beendet wird“ tut dasselbe von selbst am Ende des Programms, oder beim nächsten Start, falls es abgebrochen wurde.',
    'Sicherungen, in denen ein gelöschter Eintrag steht, werden mit ihm gelöscht.',
    'Was Ihr System oder ein Sicherungsprogramm anderswohin kopiert hat, erreicht Veer nicht.',
  ],

  diagnostics: 'Die Diagnosedatei',
  diagnosticsWhy:
    'Sie entsteht unter Einstellungen, Hilfe, wenn Sie es wollen. Sie enthält Versionen, Geräte, Modelle, Einstellungen, Anzahlen und Fehlercodes; keine Namen, keine Texte, keine Orte Ihrer Dateien. Sie sehen alles, bevor Sie es speichern, und Veer sendet es nirgendwohin.',

  others: 'Was Veer nicht verhindern kann',
  othersWhy: [
    'Programme unter Ihrem Benutzerkonto können den Ordner lesen, und Erweiterungen des Browsers sehen, was der Tab zeigt.',
    'Veer verschlüsselt die Dateien nicht. Verwenden auch andere diesen Rechner, verschlüsseln Sie den Datenträger.',
  ],
};
