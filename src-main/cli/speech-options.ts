/** The options that say how a recording is written down (docs/decoding.md). */

import { type Command, Option } from 'commander';
import { VeerError } from '../contract/errors.ts';
import {
  FALLBACK_TEMPERATURES,
  type Fallback,
  LONG_FORMS,
  PLAIN_SPEECH,
  type Speech,
} from '../contract/speech.ts';

export interface SpeechFlags {
  readonly toEnglish?: boolean;
  readonly timestamps?: boolean;
  readonly wordTimes?: boolean;
  readonly prompt?: string;
  readonly longForm?: Speech['longForm'];
  readonly conditionOnPrevious?: boolean;
  readonly fallback?: boolean;
  readonly temperatures?: readonly number[];
  readonly compressionRatioThreshold?: Threshold;
  readonly logProbabilityThreshold?: Threshold;
  readonly noSpeechThreshold?: Threshold;
  /** Shared with sampling. */
  readonly seed?: number;
}

/** Off is null in a request; commander knows no null. */
type Threshold = number | 'off';

const FALLBACK_FLAGS = {
  '--compression-ratio-threshold': 'compressionRatioThreshold',
  '--log-probability-threshold': 'logProbabilityThreshold',
  '--no-speech-threshold': 'noSpeechThreshold',
} as const;

export function addSpeechOptions(command: Command): Command {
  const noSpeech = new Option(
    '--no-speech-threshold <p>',
    'fallback: nobody speaks above it, if the text is unsure; default 0.6, or off',
  );
  // It takes a number: it does not switch off something called "speech-threshold".
  noSpeech.negate = false;
  return command
    .option('--to-english', 'write English whatever is spoken; multilingual models')
    .option('--timestamps', 'times of phrases, in subtitles too')
    .option('--word-times', 'times of words, in the JSON; models exported with attentions')
    .option('--prompt <text>', 'what went before: names, spelling, style')
    .addOption(
      new Option('--long-form <form>', 'how to go through a long recording').choices(LONG_FORMS),
    )
    .option('--condition-on-previous', 'sequential: go on from the text of the window before')
    .option('--fallback', 'decode again what repeats itself or is unsure, at higher temperatures')
    .option(
      '--temperatures <list>',
      `fallback: which ones; default ${FALLBACK_TEMPERATURES.join()}`,
      parseTemperatures,
    )
    .option(
      '--compression-ratio-threshold <x>',
      'fallback: a text that compresses better repeats itself; default 2.4, or off',
      thresholdParser('--compression-ratio-threshold', 'a number above 0', (x) => x > 0),
    )
    .option(
      '--log-probability-threshold <x>',
      'fallback: a text with a lower mean is unsure; default -1, or off',
      thresholdParser('--log-probability-threshold', 'a number, 0 or less', (x) => x <= 0),
    )
    .addOption(
      noSpeech.argParser(
        thresholdParser('--no-speech-threshold', 'a number from 0 to 1', (x) => x >= 0 && x <= 1),
      ),
    );
}

/**
 * @returns null where nothing is asked for
 * @throws VeerError OPTION_INVALID
 */
export function planSpeech(flags: SpeechFlags): Speech | null {
  const prompt = flags.prompt?.trim() ?? null;
  if (prompt === '') throw invalid('--prompt is empty. Give it a text, or leave it out.');
  const speech: Speech = {
    toEnglish: flags.toEnglish ?? false,
    timestamps: flags.timestamps ?? false,
    wordTimes: flags.wordTimes ?? false,
    prompt,
    fallback: planFallback(flags),
    longForm: flags.longForm ?? 'pauses',
    conditionOnPrevious: flags.conditionOnPrevious ?? false,
  };
  return JSON.stringify(speech) === JSON.stringify(PLAIN_SPEECH) ? null : speech;
}

function planFallback(flags: SpeechFlags): Fallback | null {
  if (flags.fallback !== true && flags.temperatures === undefined) {
    const given = Object.entries(FALLBACK_FLAGS).find(([, key]) => flags[key] !== undefined);
    if (given === undefined) return null;
    throw invalid(`${given[0]} is for the fallback. Add --fallback, or leave it out.`);
  }
  return {
    temperatures: [...(flags.temperatures ?? FALLBACK_TEMPERATURES)],
    compressionRatioThreshold: threshold(flags.compressionRatioThreshold, 2.4),
    logProbabilityThreshold: threshold(flags.logProbabilityThreshold, -1),
    noSpeechThreshold: threshold(flags.noSpeechThreshold, 0.6),
    seed: flags.seed ?? 0,
  };
}

function threshold(flag: Threshold | undefined, otherwise: number): number | null {
  return flag === 'off' ? null : (flag ?? otherwise);
}

function thresholdParser(
  flag: string,
  needs: string,
  isValid: (value: number) => boolean,
): (text: string) => Threshold {
  return (text) => {
    if (text === 'off') return text;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isFinite(value) && isValid(value)) return value;
    throw invalid(`${flag} needs ${needs}, or off, not "${text}".`);
  };
}

function parseTemperatures(text: string): readonly number[] {
  const parts = text.split(',').map((part) => part.trim());
  const wrong = parts.find((part) => part === '' || !(Number(part) >= 0 && Number(part) <= 10));
  if (wrong !== undefined) {
    throw invalid(
      `--temperatures needs numbers from 0 to 10, for example 0,0.2,0.4, not "${wrong}".`,
    );
  }
  if (parts.length <= 32) return parts.map(Number);
  throw invalid(`--temperatures has ${parts.length} values; 32 are possible.`);
}

function invalid(sentence: string): VeerError {
  return new VeerError('OPTION_INVALID', sentence);
}
