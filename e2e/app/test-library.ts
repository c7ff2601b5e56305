/**
 * A small library that is the same each time: a recording and a letter in several versions, a failed
 * and a stopped job, and a few more entries. For tests that are not about decoding.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSettings } from '../../src-main/contract/jobs.ts';
import type { Segment, Timings } from '../../src-main/contract/result.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../src-main/contract/settings.ts';
import type { RunFacts } from '../../src-main/jobs/job-store.ts';
import { HistoryWriter, type NewWrittenItem } from '../history-writer.ts';
import { SMALL_LISTENER, SMALL_TRANSLATOR } from './bundled-strengths.ts';
import { ROOT } from './programs.ts';
import { manySentences, sample } from './test-actions.ts';

/** Fills a data folder before the program starts on it. An object, since Playwright calls functions. */
export interface Seed {
  fill(folder: string): void;
}

export const RECORDING = 'way-to-the-port.en.mp3';
export const LETTER = 'Letter to Anna.txt';
export const BROKEN = 'broken.flac';
export const STOPPED = 'Notes of Monday.txt';

/** Plain, and the version of the larger steps; the smallest step changes nothing. */
const SPOKEN: readonly (readonly [plain: string, alternative: string])[] = [
  ['We have a long way to go.', 'We have a long way to go.'],
  ['Could you show me the way to the fort?', 'Could you show me the way to the port?'],
  ['The light suddenly went out.', 'The light suddenly went out.'],
  ['I want to travel around the word.', 'I want to travel around the world.'],
  ['She is wearing a white dress today.', 'She is wearing a wide dress today.'],
  ['Tell me what you want me to do.', 'Tell me what you want me to do.'],
  ['They have lived in London for ten years.', 'They have lived in London for ten years.'],
];
/** Seconds. */
const SPOKEN_WINDOW = 3;

const WRITTEN: readonly (readonly [source: string, plain: string, alternative: string])[] = [
  ['Dear Anna,', 'Liebe Anna,', 'Liebe Anna,'],
  ['Thank you for your letter.', 'Danke für deinen Brief.', 'Vielen Dank für deinen Brief.'],
  [
    'The house is small, but it has a beautiful garden.',
    'Das Haus ist klein, aber es hat einen schönen Garten.',
    'Das Haus ist klein, doch es hat einen schönen Garten.',
  ],
  ['Please write to me soon.', 'Bitte schreib mir bald.', 'Bitte schreib mir bald.'],
];

/** Texts of which only the plain version was made. */
export const SHORT_PLAIN = 'Twenty sentences.txt';
export const LONG_PLAIN = 'Very many sentences.txt';
export const SHORT_SENTENCES = 20;
export const LONG_SENTENCES = 3000;

const OTHERS = [
  'Minutes of the board',
  'Interview with the mayor',
  'Recipe for plum cake',
  'Travel plans for May',
];

/** What was computed of an item; its low strength wrote what the plain run wrote. */
const COMPUTED = {
  transcribe: [0, SMALL_LISTENER.low, SMALL_LISTENER.suggested, SMALL_LISTENER.high],
  translate: [0, SMALL_TRANSLATOR.low, SMALL_TRANSLATOR.suggested, SMALL_TRANSLATOR.high],
} as const;
const FIRST_DAY = Date.UTC(2026, 2, 14, 9, 26);
const HOUR = 3_600_000;
const TIMINGS: Timings = {
  read: 41,
  features: 36,
  encode: 212,
  proxy: 57,
  decode: 934,
  total: 1304,
  load: 486,
};

/** Models that decode faster; what they write does not matter. */
export const smallModels: Seed = {
  fill: (folder) =>
    storeSettings(folder, {
      transcribeModel: 'starter-asr-en-s',
      translateModel: 'starter-mt-en-de-s',
    }),
};

export const library: Seed = {
  fill(folder) {
    smallModels.fill(folder);
    const writer = new HistoryWriter(folder);
    OTHERS.forEach((name, place) => {
      writer.add(written(name, FIRST_DAY - (OTHERS.length - place) * 24 * HOUR, 4));
    });
    writer.add({
      ...written(STOPPED, FIRST_DAY, 1),
      ended: { state: 'cancelled' },
      listed: true,
    });
    writer.add({
      name: BROKEN,
      kind: 'audio',
      sourcePath: join(folder, 'broken.flac'),
      createdAt: FIRST_DAY + HOUR,
      settings: settingsOf('transcribe'),
      facts: null,
      segments: [],
      total: 0,
      ended: {
        state: 'failed',
        error: {
          code: 'MEDIA_UNRECOGNISED',
          message: 'broken.flac is no recording that Veer can read. Convert it and add it again.',
        },
      },
      listed: true,
    });
    writer.add(written(LETTER, FIRST_DAY + 2 * HOUR, WRITTEN.length));
    writer.add({
      name: RECORDING,
      kind: 'audio',
      sourcePath: sample('synthetic-voice.en.mp3'),
      createdAt: FIRST_DAY + 3 * HOUR,
      settings: settingsOf('transcribe'),
      facts: factsOf('starter-asr-en-s', 'whisper', 'wer'),
      segments: SPOKEN.map(([plain, alternative], index) =>
        unit('transcribe', index, [plain, alternative], {
          start: index * SPOKEN_WINDOW,
          end: (index + 1) * SPOKEN_WINDOW,
        }),
      ),
      total: SPOKEN.length * SPOKEN_WINDOW,
      timings: TIMINGS,
    });
    writer.close();
  },
};

/** For tests that compute more versions. */
export const plainTexts: Seed = {
  fill(folder) {
    smallModels.fill(folder);
    const writer = new HistoryWriter(folder);
    writer.add(plainText(folder, SHORT_PLAIN, SHORT_SENTENCES));
    writer.add(plainText(folder, LONG_PLAIN, LONG_SENTENCES));
    writer.close();
  },
};

function plainText(folder: string, name: string, count: number): NewWrittenItem {
  const sourcePath = join(folder, name);
  const source = manySentences(count);
  writeFileSync(sourcePath, source);
  return {
    ...written(name, FIRST_DAY, 0),
    sourcePath,
    settings: { ...settingsOf('translate'), alphas: [0] },
    segments: Array.from({ length: count }, (_, index) => {
      const texts = { source: `Tom has ${index + 1} apples.`, separator: ' ' };
      const full = unit('translate', index, [`Tom hat ${index + 1} Äpfel.`, ''], texts);
      return { ...full, variants: full.variants.slice(0, 1) };
    }),
    total: count,
    listed: false,
  };
}

function storeSettings(folder: string, change: Partial<Settings>): void {
  mkdirSync(folder, { recursive: true });
  const settings: Settings = { ...DEFAULT_SETTINGS, ...change };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
}

function written(name: string, createdAt: number, sentences: number) {
  return {
    name,
    kind: 'text' as const,
    sourcePath: sample('letter.en.txt'),
    createdAt,
    settings: settingsOf('translate'),
    facts: factsOf('starter-mt-en-de-s', 't5', 'chrf'),
    segments: WRITTEN.slice(0, sentences).map(([source, plain, alternative], index) =>
      unit('translate', index, [plain, alternative], {
        source,
        separator: index === 0 ? '\n\n' : ' ',
      }),
    ),
    total: WRITTEN.length,
    timings: TIMINGS,
  };
}

function settingsOf(task: RunSettings['task']): RunSettings {
  return {
    task,
    model: task === 'transcribe' ? 'starter-asr-en-s' : 'starter-mt-en-de-s',
    proxy: task === 'transcribe' ? 'wer-attention' : 'chrf-attention',
    dtype: 'fp32',
    alphas: [...COMPUTED[task]],
    choice: 'plain',
    language: task === 'transcribe' ? null : 'de',
    sourceLanguage: null,
    search: null,
    speech: null,
  };
}

function factsOf(id: string, family: string, metric: 'wer' | 'chrf'): RunFacts {
  const hashes = hashesOf(id);
  return {
    model: {
      id,
      family,
      dtype: 'fp32',
      encoderSha256: hashes('onnx/encoder_model.onnx'),
      decoderSha256: hashes('onnx/decoder_model_merged.onnx'),
    },
    proxy: {
      id: `${metric}-attention`,
      sha256: hashes(`proxies/${metric}-attention/proxy.onnx`),
      metric,
      direction: metric === 'wer' ? 'lower-is-better' : 'higher-is-better',
    },
    device: { requested: 'auto', used: 'cpu', fallbacks: [] },
    threads: null,
    language: metric === 'wer' ? 'en' : 'de',
    sourceLanguage: 'en',
    leading: metric === 'wer' ? null : '',
  };
}

/** As they are, so that more can be computed of what was written here. */
function hashesOf(model: string): (file: string) => string {
  const lines = readFileSync(join(ROOT, 'models', model, 'SHA256SUMS'), 'utf8').split('\n');
  return (file) => lines.find((line) => line.endsWith(`  ${file}`))?.slice(0, 64) ?? '';
}

function unit(
  task: RunSettings['task'],
  index: number,
  [plain, alternative]: readonly [string, string],
  place: Partial<Pick<Segment, 'start' | 'end' | 'source' | 'separator'>>,
): Segment {
  return {
    index,
    start: null,
    end: null,
    source: null,
    separator: null,
    predictedScore: 0.2 + index / 50,
    gradientNorm: 1.25,
    ...place,
    variants: COMPUTED[task].map((alpha, place) => ({
      alpha,
      text: place < 2 ? plain : alternative,
      tokenIds: [index],
      predictedScore: 0.2 + index / 50 - alpha,
      averageLogProbability: -0.2 - alpha,
      finishReason: 'end-of-text' as const,
    })),
  };
}
