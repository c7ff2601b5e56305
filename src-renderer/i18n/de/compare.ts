/** Fassungen vergleichen: welche Stärke, welche Stellen, was bleibt. */

import { formats } from '../formats.ts';
import type { Messages } from '../messages.ts';

const { count, number } = formats('de');
const differ = (differing: number, of: number) =>
  differing === 1 || of === 1 ? 'weicht ab' : 'weichen ab';

export const compare: Messages['compare'] = {
  title: 'Vergleich',
  units: 'Stellen',
  unit: (index, time) => (time === '' ? `Stelle ${index}` : `Stelle ${index}, ${time}`),
  yours: 'Ihr Text',
  alternative: 'Alternative',
  plain: 'Unverändert',
  version: { left: 'Fassung A', right: 'Fassung B' },
  counts: {
    all: (units) => count(units, 'Stelle', 'Stellen'),
    differing: (differing, units) =>
      `${number(differing)} von ${count(units, 'Stelle', 'Stellen')} ${differ(differing, units)}`,
    partly: (differing, compared, units) =>
      `${number(differing)} von ${count(compared, 'verglichenen Stelle', 'verglichenen Stellen')} ${differ(differing, compared)}, insgesamt ${number(units)}`,
    reviewed: (reviewed, differing) => `${number(reviewed)} von ${number(differing)} entschieden`,
    tally: (plain, alternative) =>
      `Gewählt: unverändert ${number(plain)}, Alternative ${number(alternative)}`,
  },
  filter: { label: 'Angezeigte Stellen', differing: 'Abweichende', all: 'Alle' },
  blind: 'Blind vergleichen',
  strength: {
    label: 'Stärke (α)',
    stops: { off: 'Aus', low: 'Gering', suggested: 'Empfohlen', high: 'Hoch', max: 'Höchste' },
    free: 'Andere',
    alpha: (alpha) => `α ${alpha}`,
    none: 'Dieses Modell hat keinen Proxy. Deshalb gibt es nur die unveränderte Fassung.',
    proven: 'Für die empfohlene Stärke ist auf Testdaten ein Gewinn nachgewiesen.',
    unproven: 'Für den Proxy dieses Modells ist auf Testdaten kein Gewinn nachgewiesen.',
    unmeasured: 'Der Proxy dieses Modells wurde in dieser Genauigkeit nicht gemessen.',
    tryIt: 'Bewegen Sie den Regler, um ihn auszuprobieren.',
    hidden: 'Die Stärke ist verborgen, solange Sie wählen.',
    metrics: {
      wer: 'WER',
      cer: 'CER',
      chrf: 'chrF',
      bleu: 'BLEU',
      'round-trip-chrf': 'Rückübersetzungs-chrF',
      'log-probability': 'Log-Wahrscheinlichkeits',
      score: 'Bewertungs',
    },
    measured: (alpha, gain, low, high, metric) =>
      `Bei α ${alpha}: um ${gain} ${metric}-Punkte besser, 95-%-Intervall ${low} bis ${high}.`,
    wholeFile: 'Für die ganze Datei berechnen',
    wholeFileIn: (time) => `Für die ganze Datei berechnen (${time})`,
    computingAll: (missing) =>
      `Wird für die ganze Datei berechnet: noch ${count(missing, 'Stelle', 'Stellen')}`,
  },
  time: {
    seconds: (seconds) => `etwa ${number(seconds)} s`,
    minutes: (minutes) => `etwa ${number(minutes)} min`,
    hours: (hours) => `etwa ${number(hours)} h`,
  },
  scores: {
    wer: 'Wortfehlerrate (niedriger ist besser)',
    chrf: 'chrF (höher ist besser)',
    units: (units) => `über ${count(units, 'Stelle', 'Stellen')}`,
    whole: 'über den ganzen Text',
    at: (alpha) => `Alternative, α ${alpha}`,
  },
  encodedAgain: (units) =>
    `${count(units, 'Stelle musste', 'Stellen mussten')} neu kodiert werden, weil die gespeicherten Encoder-Ausgaben gelöscht waren oder keinen Platz hatten.`,
  row: {
    keep: 'Behalten',
    keepPlain: 'Unveränderte Fassung behalten',
    keepAlternative: 'Alternative behalten',
    keepLeft: 'Fassung A behalten',
    keepRight: 'Fassung B behalten',
    play: 'Abspielen',
    edit: 'Bearbeiten',
    corrected: 'Korrigiert',
    keptOther: (alpha) => `Behalten: α ${alpha}`,
    correctionHidden: 'Ihre Korrektur bleibt bei der Fassung, an der sie gemacht wurde.',
    computing: 'wird berechnet …',
    notComputed: 'Noch nicht berechnet',
    growing: 'Wird dekodiert …',
    empty: 'Keine Wörter',
    editField: 'Ihr Text dieser Stelle',
    editHint: 'Strg+Eingabe speichert, Escape verwirft',
  },
  nothing: {
    noText: 'Noch kein Text',
    noTextWhy: 'Er erscheint hier, Stelle für Stelle, sobald er entsteht.',
    failed: 'Es ist kein Text entstanden',
    failedWhy:
      'Der Auftrag endete vor seiner ersten Stelle. Die Warteschlange sagt, warum, und kann ihn wiederholen.',
    equal: 'Keine Stelle weicht ab',
    equalWhy: 'Bei dieser Stärke sind beide Fassungen Wort für Wort gleich.',
    equalSoFar: 'Bisher weicht keine Stelle ab',
    showAll: 'Alle Stellen zeigen',
  },
  details: {
    title: (index) => `Einzelheiten zu Stelle ${index}`,
    hidden: 'Werden gezeigt, sobald Sie gewählt haben.',
    versions: 'Fassungen',
    alphas: (alphas) => `α ${alphas}`,
    between: '; ',
    cut: 'Die Längengrenze hat sie beendet; es können Wörter fehlen.',
    free: 'Ein anderes α',
    freeHint: 'Eine beliebige Zahl, zum Beispiel 0,03',
    try: 'Ausprobieren',
    predicted: 'Vorhergesagter Wert',
    predictedNote: 'aus dem Encoder vorhergesagt, nicht an diesem Text gemessen',
    edits: 'Geänderte Wörter',
    meanLog: 'Mittlere Log-Wahrscheinlichkeit',
    gradient: 'Norm des Gradienten',
    chart: 'Über die berechneten Stärken',
    chartText: (points) => `Diagramm über α. ${points}`,
    chartPoint: (alpha, score, edits) =>
      `α ${alpha}: vorhergesagter Wert ${score}, geänderte Wörter ${edits}.`,
    unknown: 'nicht bekannt',
    proxy: 'Proxy',
    timings: 'Zeit, die dieser Durchgang gebraucht hat',
    timing: {
      read: 'Lesen',
      features: 'Merkmale',
      encode: 'Kodieren',
      proxy: 'Proxy',
      decode: 'Dekodieren',
      total: 'Insgesamt',
      load: 'Laden des Modells',
    },
    seconds: (seconds) => `${seconds} s`,
    reference: 'Was sollte hier stehen?',
    referenceHint: 'Damit wird jede Fassung daran gemessen.',
    saveReference: 'Bezugstext speichern',
  },
  keys: {
    next: 'Nächste Stelle',
    previous: 'Vorige Stelle',
    play: 'Stelle abspielen',
    keepLeft: 'Unveränderte Fassung (oder Fassung A) behalten',
    keepRight: 'Alternative (oder Fassung B) behalten',
    edit: 'Text bearbeiten',
    save: 'Bearbeitung speichern',
    giveUp: 'Bearbeitung verwerfen',
    undo: 'Rückgängig',
    redo: 'Wiederholen',
    help: 'Tasten zeigen',
  },
};
