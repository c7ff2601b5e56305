/** Ein Satz für jeden Fehler: was ist, und was zu tun ist. */

import type { Messages } from '../messages.ts';

export const errors: NonNullable<Messages['errors']> = {
  FILE_NOT_FOUND: 'Die Datei ist nicht mehr da. Wählen Sie sie noch einmal aus.',
  FILE_IS_DIRECTORY: 'Das ist ein Ordner. Wählen Sie die Dateien darin aus.',
  FILE_EMPTY: 'Die Datei ist leer.',
  FILE_UNREADABLE: 'Die Datei lässt sich nicht lesen. Prüfen Sie ihre Zugriffsrechte.',
  MEDIA_UNRECOGNISED:
    'Die Datei ist keine Aufnahme, die Veer lesen kann. Wandeln Sie sie zum Beispiel in WAV oder MP3 um.',
  MEDIA_TRUNCATED: 'Die Aufnahme bricht vor ihrem Ende ab. Besorgen Sie die ganze Datei.',
  AUDIO_STREAM_MISSING: 'In dieser Datei ist kein Ton.',
  AUDIO_EMPTY: 'Die Aufnahme enthält keinen einzigen Ton.',
  TEXT_NOT_UTF8:
    'Der Text ist nicht in UTF-8 gespeichert. Speichern Sie ihn so und versuchen Sie es noch einmal.',
  MODEL_NOT_FOUND: 'Dieses Modell ist nicht da. Wählen Sie ein anderes.',
  MODEL_FILE_MISSING: 'Dem Modell fehlt eine Datei.',
  MODEL_FILE_DAMAGED: 'Eine Datei des Modells ist beschädigt. Besorgen Sie sie neu.',
  MODEL_CONFIG_INVALID: 'Eine Einstellungsdatei des Modells ist ungültig.',
  MODEL_FORMAT_UNSUPPORTED:
    'Die Gewichte des Modells sind in einem Dateiformat, das Veer nicht öffnet. Speichern Sie es als safetensors.',
  MODEL_FAMILY_UNSUPPORTED: 'Diese Art von Modell kann Veer nicht verwenden.',
  MODEL_TASK_MISMATCH: 'Das Modell ist für eine andere Aufgabe gemacht.',
  TOKENIZER_MISMATCH: 'Die Wortliste passt nicht zum Modell.',
  DTYPE_UNAVAILABLE: 'Das Modell gibt es nicht in dieser Genauigkeit.',
  PROXY_NOT_FOUND: 'Das Modell hat diesen Proxy nicht.',
  PROXY_INVALID: 'Der Proxy ist ungültig.',
  PROXY_ENCODER_UNLISTED:
    'Der Proxy wurde nicht mit diesem Modell gemessen und wird deshalb abgelehnt.',
  MODEL_CHANGED:
    'Die Dateien des Modells haben sich seit dem Beginn dieses Durchgangs geändert. Starten Sie einen neuen.',
  MODEL_EXISTS:
    'Ein Modell dieses Namens ist schon da. Entfernen Sie es zuerst oder benennen Sie den Ordner um.',
  PROXY_EXISTS: 'Das Modell hat schon einen Proxy dieses Namens. Wählen Sie einen anderen Namen.',
  ALPHA_NOT_FINITE: 'α muss eine Zahl sein, zum Beispiel 0 oder 0,05.',
  DEVICE_UNKNOWN: 'Dieses Gerät gibt es hier nicht.',
  LANGUAGE_UNSUPPORTED: 'Das Modell kann diese Sprache nicht.',
  OPTION_INVALID: 'Eine Angabe ist ungültig.',
  OUTPUT_NOT_WRITABLE: 'Veer kann dort nicht schreiben. Prüfen Sie die Zugriffsrechte.',
  DISK_FULL: 'Der Datenträger ist voll. Schaffen Sie Platz und versuchen Sie es noch einmal.',
  GRANT_UNKNOWN:
    'Diese Datei wurde Veer nicht übergeben oder schon verwendet. Wählen Sie sie noch einmal aus.',
  ITEM_NOT_FOUND: 'Dieser Eintrag ist nicht mehr da.',
  RUN_NOT_FOUND: 'Dieser Durchgang ist nicht mehr da.',
  SEGMENT_NOT_FOUND: 'Diese Stelle gibt es noch nicht. Warten Sie, bis sie fertig ist.',
  VARIANT_NOT_FOUND: 'Diese Fassung gibt es an dieser Stelle nicht.',
  JOB_NOT_FOUND: 'Dieser Auftrag ist nicht mehr da.',
  JOB_STATE: 'Das geht mit diesem Auftrag jetzt nicht.',
  MEDIA_NOT_READY:
    'Die Aufnahme wird noch zum Abspielen vorbereitet. Versuchen Sie es gleich noch einmal.',
  SETTINGS_INVALID: 'Diese Einstellungen sind ungültig.',
  DATABASE_IN_USE: 'Ein anderes Veer hat den Verlauf geöffnet. Beenden Sie es zuerst.',
  DATABASE_DAMAGED: 'Die Datenbank ist beschädigt.',
  DATABASE_FROM_FUTURE: 'Die Datenbank stammt von einer neueren Fassung von Veer.',
  DATABASE_UNUSABLE: 'Die Datenbank lässt sich nicht verwenden.',
  ACCESS_DENIED:
    'Diese Seite hat keinen gültigen Schlüssel. Öffnen Sie die Adresse, die Veer ausgegeben hat.',
  UPLOAD_BROKEN: 'Die Datei wurde nicht bis zum Ende übertragen. Fügen Sie sie noch einmal hinzu.',
  ENGINE_CRASHED:
    'Die Rechenmaschine ist abgestürzt. Was fertig war, ist gespeichert; versuchen Sie es noch einmal.',
  CANCELLED: 'Abgebrochen.',
  INTERNAL: 'Im Programm ist etwas schiefgegangen. Versuchen Sie es noch einmal.',
  UNREACHABLE:
    'Veer antwortet nicht. Versuchen Sie es noch einmal, wenn die Verbindung wieder da ist.',
};
