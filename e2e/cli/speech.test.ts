/** What `veer transcribe` writes where more than the plain text is asked for. */

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultSchema } from '../../src-main/contract/result.ts';
import { FIXTURES, SAMPLES_DIRECTORY } from '../dev-inputs.ts';
import { errorCodes, veer } from './test-veer.ts';

const DIGITS = join(SAMPLES_DIRECTORY, 'recorded-digits.en.flac');
const TINY = join(FIXTURES, 'whisper', 'tiny');

describe.concurrent('speech', () => {
  it('has times of phrases and words, and what the fallback measured, in the JSON', async () => {
    const asked = ['--timestamps', '--word-times', '--fallback', '--prompt', 'digits'];
    const outcome = await veer(['transcribe', DIGITS, '--format', 'json', ...asked]);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const { speech, segments } = resultSchema.parse(JSON.parse(outcome.stdout));
    expect(speech).toMatchObject({ timestamps: true, wordTimes: true, prompt: 'digits' });
    expect(speech?.fallback?.temperatures).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    for (const { start, end, variants } of segments) {
      const [{ text, phrases, words, quality } = { text: null }] = variants;
      expect(phrases?.map((phrase) => phrase.text).join(' ')).toBe(text);
      expect(quality?.compressionRatio).toBeGreaterThan(0);
      for (const piece of [...(phrases ?? []), ...(words ?? [])]) {
        expect(piece.start).toBeGreaterThanOrEqual(start ?? 0);
        expect(piece.end).toBeLessThanOrEqual(end ?? 0);
      }
    }
  });

  it('is in the language that was detected', async () => {
    const args = ['transcribe', DIGITS, '--model', TINY, '--max-new-tokens', '4'];
    const outcome = await veer([...args, '--to-english', '--format', 'json']);
    const result = resultSchema.parse(JSON.parse(outcome.stdout));
    expect(result.language).toBe('en');
    expect(['en', 'de', 'fr', 'zh']).toContain(result.sourceLanguage);
    expect(result.languageProbability).toBeGreaterThanOrEqual(0.25);
  });

  it.each([
    [['--fallback', '--temperature', '1'], 2],
    [['--to-english'], 1],
  ])('is refused for %j', async (args, code) => {
    const outcome = await veer(['transcribe', DIGITS, ...args]);
    expect(Object.values(errorCodes(outcome.stderr))).toEqual(['OPTION_INVALID']);
    expect(outcome).toMatchObject({ code, stdout: '' });
  });
});
