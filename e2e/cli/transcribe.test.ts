/** What `veer transcribe` writes. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPORT_FORMATS } from '../../src-main/contract/export-formats.ts';
import { resultSchema } from '../../src-main/contract/result.ts';
import { errorRate, normaliseForWer, wordErrors } from '../../src-main/evaluation/wer.ts';
import { SAMPLES_DIRECTORY } from '../dev-inputs.ts';
import { AUDIO, type Outcome, TestFolder, veer } from './test-veer.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());
const sample = (name: string) => join(SAMPLES_DIRECTORY, name);
const DIGITS = sample('recorded-digits.en.flac');
const said = readFileSync(sample('recorded-digits.en.txt'), 'utf8').trim();

/** Two of the fourteen digits may be wrong. */
const MOST_ERRORS = 0.15;

/** Word error rate, with case and marks left out; segments are lines. */
const errorsIn = (text: string) =>
  errorRate(wordErrors(normaliseForWer(said), normaliseForWer(text)));

/** The lines of subtitles that are neither numbers, times nor heads. */
function spokenLines(subtitles: string): string {
  const lines = subtitles.split('\n').filter((line) => !/^$|^\d+$|-->|^WEBVTT/.test(line));
  return lines.join('\n');
}

describe('formats', () => {
  let outputs: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const outcomes = await Promise.all(
      EXPORT_FORMATS.map(async (format) => {
        const outcome = await veer(['transcribe', DIGITS, '--format', format]);
        expect(outcome).toMatchObject({ code: 0, stderr: '' });
        return [format, outcome.stdout] as const;
      }),
    );
    outputs = Object.fromEntries(outcomes);
  });

  it('txt has one line per segment and the words that are said', () => {
    const text = outputs['txt'] ?? '';
    const lines = text.split('\n');
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.at(-1)).toBe('');
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^\p{L}/u);
    expect(errorsIn(text)).toBeLessThanOrEqual(MOST_ERRORS);
  });

  it('srt and vtt have numbered cues with the same words', () => {
    const srt = outputs['srt'] ?? '';
    expect(srt).toMatch(/^1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\n\p{L}/u);
    const vtt = outputs['vtt'] ?? '';
    expect(vtt).toMatch(/^WEBVTT\n\n(.*\n)?00:0/);
    const words = normaliseForWer(outputs['txt'] ?? '');
    for (const text of [srt, vtt]) expect(normaliseForWer(spokenLines(text))).toBe(words);
  });

  it('json has segments without gaps from the start to the end of the file', () => {
    const result = resultSchema.parse(JSON.parse(outputs['json'] ?? ''));
    const { segments, source } = result;
    expect(segments.length).toBeGreaterThan(1);
    expect(segments.map((segment) => segment.index)).toEqual(segments.map((_, i) => i));
    expect(segments[0]?.start).toBe(0);
    segments.forEach((segment, i) => {
      expect(segment.end ?? 0).toBeGreaterThan(segment.start ?? 0);
      expect(segment.end).toBe(segments[i + 1]?.start ?? source.duration);
      // The window of the model.
      expect((segment.end ?? 0) - (segment.start ?? 0)).toBeLessThanOrEqual(6);
    });
    expect(result).toMatchObject({ sourceLanguage: 'en', language: 'en' });
    const texts = segments.flatMap((segment) => segment.variants[0]?.text || []);
    expect(`${texts.join('\n')}\n`).toBe(outputs['txt']);
  });
});

describe('several files', () => {
  let outcome: Outcome;
  const files = ['speech.opus', 'tone-20-video.mp4', 'tone-10-8khz.wav'].map((name) =>
    join(AUDIO, name),
  );

  beforeAll(async () => {
    outcome = await veer(['transcribe', ...files]);
  });

  it('stand under headings, in the order given, sound of videos included', () => {
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout.match(/^== .*$/gm)).toEqual(files.map((file) => `== ${file}`));
  });

  it('are the same in a second run', async () => {
    expect(await veer(['transcribe', ...files])).toEqual(outcome);
  });
});
