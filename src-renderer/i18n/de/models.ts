/** Die Modelle, die da sind, neue holen, und was sie von sich sagen. */

import { formats } from '../formats.ts';
import type { Messages } from '../messages.ts';

const { count } = formats('de');

export const models: Messages['models'] = {
  lead: 'Ein Modell hört zu oder übersetzt. Jedes ist ein Ordner auf diesem Rechner; Veer holt nie selbst eines.',
  listTitle: 'Modelle auf diesem Rechner',
  none: 'Es ist noch kein Modell da',
  noneHint: 'Holen Sie unten eines herein.',
  defaults: 'Voreingestellt',
  defaultFor: { transcribe: 'Für Aufnahmen', translate: 'Für Texte' },
  automatic: (name) => `Automatisch (${name})`,
  gone: (name) => `${name} (nicht da)`,
  isDefault: { transcribe: 'Voreingestellt für Aufnahmen', translate: 'Voreingestellt für Texte' },
  origins: { bundled: 'Gehört zu Veer', imported: 'Importiert' },
  tasks: { transcribe: 'Sprache zu Text', translate: 'Übersetzung' },
  anyLanguage: 'Das Modell sagt nicht, welche Sprachen es kann',
  card: 'Beschreibung lesen',
  cardOf: (name) => `Beschreibung von ${name}`,
  noCard: 'Dieses Modell sagt nichts von sich: In seinem Ordner fehlt README.md.',
  remove: 'Entfernen …',
  removeTitle: (name) => `${name} entfernen?`,
  removeHint:
    'Seine Dateien werden von diesem Rechner gelöscht. Texte, die es gemacht hat, bleiben; weitere Fassungen davon brauchen dasselbe Modell noch einmal.',
  removeNow: 'Entfernen',
  removed: (name) => `${name} ist entfernt.`,
  detailsNamed: (name) => `Einzelheiten zu ${name}`,
  family: 'Familie',
  dtypes: 'Zahlenformate',
  noProxies:
    'Es hat keinen Proxy: Jeder Text hat nur eine Fassung, und es gibt keine Stärke zu wählen.',
  proven: 'Zweite Fassung: Gewinn belegt, sie entsteht von selbst',
  notProven: 'Zweite Fassung: kein belegter Gewinn, anfangs Aus',
  proxy: (name) => `Proxy ${name}`,
  predicts: {
    wer: 'Sagt die Wortfehlerrate (WER) vorher',
    cer: 'Sagt die Zeichenfehlerrate (CER) vorher',
    chrf: 'Sagt das Übersetzungsmaß chrF vorher',
    bleu: 'Sagt das Übersetzungsmaß BLEU vorher',
    'round-trip-chrf':
      'Sagt vorher, wie viel vom Ausgangstext beim Zurückübersetzen wiederkommt (chrF)',
    'log-probability': 'Sagt vorher, wie sicher das Modell ist (Log-Wahrscheinlichkeit je Token)',
    score: 'Sagt Bewertungen vorher, die vorgegeben wurden',
  },
  dtype: 'Zahlenformat',
  suggested: 'Vorgeschlagenes α',
  gain: 'Gewinn mit 95-%-Intervall',
  points: (gain, low, high) => `${gain} Punkte (${low} bis ${high})`,
  verdict: 'Belegt?',
  yes: 'Ja',
  no: 'Kein belegter Gewinn: anfangs Aus',
  measuredOn: 'Gemessen an',
  broken: 'Nicht verwendbar',
  brokenProxy: (name) => `Der Proxy ${name} ist nicht verwendbar:`,

  importTitle: 'Ein Modell importieren',
  importLead:
    'Ein Ordner des Hugging Face Hub mit ONNX-Graphen oder safetensors, ein Ordner von faster-whisper oder ein anderer von CTranslate2, eine ggml-Datei von Whisper, ein Argos-Paket, ein Modell von Marian oder Firefox mit seinem Vokabular, oder eines davon als Zip. Familien: Whisper und Moonshine (Sprache), T5, Marian, M2M100, BART und mBART (Übersetzung). Veer probiert das Modell aus, bevor es in der Liste steht.',
  choose: 'Modellordner importieren …',
  chooseFile: 'Datei importieren …',
  chooser: 'Modellordner',
  fileChooser: 'Modelldatei',
  orDrop: 'oder das Modell auf diese Seite ziehen',
  drop: 'Loslassen, um das Modell zu importieren',
  reading: 'Der Ordner wird gelesen …',
  oneFolder:
    'Ziehen Sie einen Ordner herein, der ein Modell enthält, oder die Dateien eines Modells.',
  name: 'Sein Name in Veer',
  nameInvalid:
    'Buchstaben ohne Umlaute, Ziffern, Punkte, Binde- und Unterstriche; am Anfang ein Buchstabe oder eine Ziffer.',
  nameTaken: 'Ein Modell dieses Namens ist schon da. Wählen Sie einen anderen Namen.',
  missing: (files) =>
    `In diesem Ordner fehlt: ${files}. Wählen Sie den Ordner, in dem config.json liegt.`,
  tooMany: (most) => `Ein Modell hat höchstens ${count(most, 'Datei', 'Dateien')}.`,
  formatsLegend: 'Zahlenformate, die mitkommen',
  formatsHint: 'Kleine sind schneller, große genauer. Eines genügt.',
  madeLegend: 'Zahlenformate, die gemacht werden',
  madeDtype: (dtype) =>
    ({
      int8: 'int8 (klein und schnell)',
      fp16: 'fp16 (genau, halb so groß)',
      fp32: 'fp32 (genau, am größten)',
      q4: 'q4 (am kleinsten)',
    })[dtype] ?? dtype,
  madeHint: 'Veer macht das Modell aus diesen Gewichten. Was nichts liest, bleibt weg.',
  refused: {
    pickle: (file) =>
      `${file} ist im eigenen Format von Python, das Programme ausführen kann; Veer öffnet es nicht. Speichern Sie das Modell als safetensors (save_pretrained tut das), und importieren Sie diesen Ordner.`,
    gguf: (file) =>
      `${file} ist eine GGUF-Datei, die Veer nicht liest. Importieren Sie dasselbe Modell als safetensors, oder Whisper als .bin von whisper.cpp.`,
  },
  sources: {
    onnx: 'ONNX-Graphen',
    safetensors: 'safetensors-Dateien',
    ctranslate2: 'CTranslate2-Ordner',
    argos: 'Argos-Paket',
    ggml: 'ggml-Datei',
    marian: 'Marian-Modell',
  },
  recognised: (source, family, before, dtypes, after) =>
    `Erkannt: ${family}, ${source}, ${before}. Daraus wird ${dtypes}, ${after}.`,
  converting: (dtype, done, total) => `${dtype} wird gemacht: ${done} von ${total}`,
  unpacking: (done, total) => `${done} von ${total} gelesen`,
  noFormat: 'Wählen Sie mindestens eines.',
  what: (files, size) => `${count(files, 'Datei', 'Dateien')}, ${size}`,
  leftOut: (files, size) =>
    `${count(files, 'Datei', 'Dateien')} (${size}), die Veer nicht braucht: ausgelassen`,
  start: 'Importieren',
  sending: (done, total) => `${done} von ${total} übertragen`,
  copying: (done, total) => `${done} von ${total} kopiert`,
  checking: (dtype) => `Das Modell wird ausprobiert (${dtype}). Das kann eine Minute dauern.`,
  progress: 'Fortschritt des Imports',
  done: (name) => `${name} ist importiert und funktioniert.`,
  failedAt: (file) => `${file}:`,
};
