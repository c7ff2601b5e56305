/**
 * Writing down one recording: what was asked for, and the language once it is known. Where nothing
 * is asked for, every window is decoded once, by a prompt without timestamps.
 */

import { throwIfCancelled, VeerError } from '../../../contract/errors.ts';
import type { OutputDetails } from '../../../contract/result.ts';
import { PLAIN_SPEECH, type Speech } from '../../../contract/speech.ts';
import type { RowOutput } from '../../decoding/hypothesis.ts';
import { selectRows } from '../../onnx/tensor.ts';
import { generate } from '../generation.ts';
import type { DecodeOptions, Encoded } from '../model.ts';
import { generateOptions, sessionFor, textOf, type WhisperDecoding } from './decoding.ts';
import { decodeWithFallback } from './fallback.ts';
import { type DetectedLanguage, detectLanguages } from './language.ts';
import type { WhisperParts } from './parts.ts';
import { phrasesOf } from './phrases.ts';
import { contextLength, decoderPrompt, type PromptRequest } from './prompt.ts';
import { requireAlignment, wordTimes } from './word-times.ts';
import { wordsOf } from './words.ts';

export class WhisperRun {
  readonly speech: Speech;
  readonly #parts: WhisperParts;
  /** Tokens of the prompt that was asked for. */
  readonly #prompt: readonly number[];
  #context: readonly number[];
  #language: string | null;

  /**
   * @param speech null is plain
   * @param language code of the language spoken; null where it is to be detected
   * @throws VeerError OPTION_INVALID for what the model cannot do
   */
  constructor(parts: WhisperParts, speech: Speech | null, language: string | null) {
    this.#parts = parts;
    this.speech = speech ?? PLAIN_SPEECH;
    this.#language = language;
    const { prompt } = this.speech;
    this.#prompt = prompt === null ? [] : this.#nearest(parts.tokenizer.encodePlain(` ${prompt}`));
    this.#context = this.#prompt;
    if (this.speech.wordTimes) requireAlignment(parts);
    // What the model has no tokens for shows before any work.
    this.#decoderPrompt({});
  }

  /** Not with fallback, whose first attempt reads the prompt in parts. */
  get readsDrafts(): boolean {
    return this.#parts.readsDrafts && this.speech.fallback === null;
  }

  /** Id of 0.00 seconds. */
  get firstTimestamp(): number {
    return this.#parts.tokens.firstTimestamp;
  }

  /** Of the timestamps. */
  get secondsPerStep(): number {
    return this.#parts.secondsPerPosition;
  }

  /** Code of the language spoken; null until it was detected. */
  get spokenLanguage(): string | null {
    return this.#language;
  }

  /** Code of what is written; null until it is known. */
  get language(): string | null {
    return this.speech.toEnglish ? 'en' : this.#language;
  }

  /** By the first row of `encoded`; holds from here on. */
  async detectLanguage({ hiddenStates }: Encoded): Promise<DetectedLanguage> {
    const [detected] = await detectLanguages(this.#parts, selectRows(hiddenStates, [0]));
    if (detected === undefined) throw new VeerError('INTERNAL', 'No window to detect a language.');
    this.#language = detected.language;
    return detected;
  }

  /** @param tokenIds what was written so far, for the windows that follow; none: only the prompt */
  continueFrom(tokenIds: readonly number[]): void {
    this.#context = this.#nearest([...this.#prompt, ...tokenIds]);
  }

  /** @throws VeerError CANCELLED, LANGUAGE_UNSUPPORTED where no language is known */
  async decode(encoded: Encoded, options: DecodeOptions): Promise<readonly RowOutput[]> {
    if (this.#language === null) {
      throw new VeerError(
        'LANGUAGE_UNSUPPORTED',
        'Say which language is spoken with --source-language.',
      );
    }
    const { fallback } = this.speech;
    const timed = this.#timed;
    const decoding: WhisperDecoding = {
      parts: this.#parts,
      prompt: this.#decoderPrompt({}),
      timed,
    };
    if (fallback === null || options.given !== undefined) {
      const attempt = generateOptions(decoding, encoded, options);
      const outputs = await generate(sessionFor(decoding, encoded), attempt);
      if (options.given !== undefined || (!timed && !this.speech.wordTimes)) return outputs;
      return this.#withDetails(encoded, outputs, options.signal);
    }
    const judged = await decodeWithFallback(decoding, encoded, fallback, options);
    const outputs = await this.#withDetails(
      encoded,
      judged.map(({ output }) => output),
      options.signal,
    );
    return outputs.map((output, row) => {
      const quality = judged[row]?.quality;
      return { ...output, details: { ...output.details, ...(quality && { quality }) } };
    });
  }

  text(tokenIds: readonly number[]): string {
    return textOf(this.#parts, tokenIds);
  }

  /**
   * Phrases of an output, in seconds from the start of its window.
   *
   * @param duration of the window
   */
  phrases(tokenIds: readonly number[], duration: number): NonNullable<OutputDetails['phrases']> {
    const { tokens, secondsPerPosition: secondsPerStep } = this.#parts;
    const { firstTimestamp } = tokens;
    return phrasesOf(tokenIds, { firstTimestamp, secondsPerStep, duration })
      .map(({ tokenIds: ids, start, end }) => ({ text: this.text(ids), start, end }))
      .filter(({ text }) => text !== '');
  }

  /**
   * How many of the tokens `after` still belong to the last word of `before`, marks included.
   */
  wordRest(before: readonly number[], after: readonly number[]): number {
    const { tokenizer } = this.#parts;
    const all = [...before, ...after];
    const words = wordsOf(all, (ids) => tokenizer.decodeExactly(ids), this.language ?? '');
    const next = words.find(
      ({ text, from }) => from >= before.length && /[\p{L}\p{N}]/u.test(text),
    );
    return (next?.from ?? all.length) - before.length;
  }

  async #withDetails(
    encoded: Encoded,
    outputs: readonly RowOutput[],
    signal: AbortSignal,
  ): Promise<readonly RowOutput[]> {
    const detailed: RowOutput[] = [];
    for (const [row, output] of outputs.entries()) {
      throwIfCancelled(signal);
      detailed.push({ ...output, details: await this.#details(encoded, row, output) });
    }
    return detailed;
  }

  async #details(encoded: Encoded, row: number, output: RowOutput): Promise<OutputDetails> {
    const { secondsPerPosition } = this.#parts;
    const mask = Array.from(selectRows(encoded.validMask, [row]).data, Number);
    const positions = mask.reduce((sum, valid) => sum + valid, 0);
    const phrases = this.#timed && this.phrases(output.tokenIds, positions * secondsPerPosition);
    if (!this.speech.wordTimes) return { ...(phrases && { phrases }) };
    const words = await wordTimes(this.#parts, output, {
      hiddenStates: selectRows(encoded.hiddenStates, [row]),
      positions,
      prompt: this.#decoderPrompt({ timestamps: false, context: [] }),
      language: this.language ?? '',
    });
    return { ...(phrases && { phrases }), words };
  }

  get #timed(): boolean {
    return this.speech.timestamps || this.speech.longForm === 'sequential';
  }

  #decoderPrompt(other: Partial<PromptRequest>): readonly number[] {
    return decoderPrompt(this.#parts.folder.id, this.#parts.tokens, {
      language: this.#language ?? '',
      toEnglish: this.speech.toEnglish,
      timestamps: this.#timed,
      context: this.#context,
      ...other,
    });
  }

  /** The last tokens, as many as there is room for. */
  #nearest(tokenIds: readonly number[]): readonly number[] {
    return tokenIds.slice(-contextLength(this.#parts.decoderPositions));
  }
}
