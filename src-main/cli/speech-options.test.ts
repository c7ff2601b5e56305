import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { PLAIN_SPEECH, requireSpeech, speechSchema } from '../contract/speech.ts';
import { addSearchOptions, planSearch } from './search-options.ts';
import { addSpeechOptions, planSpeech } from './speech-options.ts';

function speech(...args: readonly string[]) {
  const command = addSpeechOptions(addSearchOptions(new Command().exitOverride()));
  command.configureOutput({ writeErr: () => undefined });
  command.parse(args, { from: 'user' });
  const planned = planSpeech(command.opts());
  return planned === null ? null : speechSchema.parse(planned);
}

describe('how a recording is written down', () => {
  it('is left to the engine where nothing is asked for', () => {
    expect(speech()).toBeNull();
    expect(speech('--long-form', 'pauses')).toBeNull();
  });

  it('is what the options say', () => {
    expect(speech('--to-english', '--timestamps', '--word-times', '--prompt', ' Veer ')).toEqual({
      ...PLAIN_SPEECH,
      toEnglish: true,
      timestamps: true,
      wordTimes: true,
      prompt: 'Veer',
    });
    expect(speech('--long-form', 'sequential', '--condition-on-previous')).toEqual({
      ...PLAIN_SPEECH,
      longForm: 'sequential',
      conditionOnPrevious: true,
    });
  });

  it('falls back by the values of the reference', () => {
    expect(speech('--fallback')?.fallback).toEqual({
      temperatures: [0, 0.2, 0.4, 0.6, 0.8, 1],
      compressionRatioThreshold: 2.4,
      logProbabilityThreshold: -1,
      noSpeechThreshold: 0.6,
      seed: 0,
    });
  });

  it('falls back by other values where they are given', () => {
    const flags = [
      ...['--temperatures', '0, 0.5', '--seed', '7', '--no-speech-threshold', 'off'],
      ...['--compression-ratio-threshold', '2', '--log-probability-threshold', '-0.5'],
    ];
    expect(speech(...flags)?.fallback).toEqual({
      temperatures: [0, 0.5],
      compressionRatioThreshold: 2,
      logProbabilityThreshold: -0.5,
      noSpeechThreshold: null,
      seed: 7,
    });
  });

  it.each([
    [['--prompt', ' '], 'prompt'],
    [['--temperatures', '0,x'], '"x"'],
    [['--temperatures', '0,-1'], '"-1"'],
    [['--temperatures', ''], 'temperatures'],
    [['--fallback', '--no-speech-threshold', '2'], '"2"'],
    [['--fallback', '--log-probability-threshold', '1'], '"1"'],
    [['--fallback', '--compression-ratio-threshold', '0'], '"0"'],
    [['--compression-ratio-threshold', '2'], '--fallback'],
  ])('refuses %j, quoting what is wrong', (args, part) => {
    expect(() => speech(...args)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(part) }),
    );
  });

  it.each([
    ['--fallback', '--temperature', '0.5'],
    ['--temperatures', '0,0'],
    ['--condition-on-previous'],
    ['--long-form', 'chunked', '--timestamps'],
    ['--long-form', 'chunked', '--word-times'],
    ['--long-form', 'sequential', '--beams', '3', '--return-sequences', '2'],
  ])('knows that %s %s %s do not go together', (...args) => {
    const given = args.filter((arg) => typeof arg === 'string');
    const command = addSearchOptions(new Command().exitOverride().allowUnknownOption());
    command.allowExcessArguments().parse(given, { from: 'user' });
    expect(() => requireSpeech(speech(...given), planSearch(command.opts()))).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});
