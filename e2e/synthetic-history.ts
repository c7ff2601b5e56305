/**
 * A history of seeded, meaningless words: as many items as a person has after years, and recordings
 * of hours, for measurements.
 */

import type { RunSettings } from '../src-main/contract/jobs.ts';
import type { Segment } from '../src-main/contract/result.ts';
import { Random } from '../src-main/evaluation/random.ts';
import type { DatabaseOptions } from '../src-main/history/open-database.ts';
import { HistoryWriter, type WrittenItem } from './history-writer.ts';

export const SEED = 20_261_121;
/** Four hours in windows of 6 s. */
export const UNITS_OF_FOUR_HOURS = 2400;
const ALPHAS = [0, 0.05] as const;

const WINDOW = 6;
const WORDS_PER_UNIT = 14;
const VOCABULARY = 20_000;
/** One unit in so many differs between plain and perturbed. */
const DIFFERS = 10;
const CREATED = 1000;
const SYLLABLES =
  'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo za sta tri con per int'.split(' ');

const SETTINGS: RunSettings = {
  task: 'transcribe',
  model: 'starter-asr-en-m',
  proxy: 'wer-attention',
  dtype: 'fp32',
  alphas: null,
  choice: 'plain',
  language: null,
  sourceLanguage: null,
  search: null,
  speech: null,
};

export class SyntheticHistory {
  readonly #random = new Random(SEED);
  readonly #words: readonly string[];
  readonly #writer: HistoryWriter;

  /** @param folder data folder; made where it is not there */
  constructor(folder: string) {
    this.#writer = new HistoryWriter(folder);
    this.#words = Array.from({ length: VOCABULARY }, () =>
      Array.from({ length: 1 + this.below(4) }, () => this.pick(SYLLABLES)).join(''),
    );
  }

  /** Of the data folder, as the program opens it. */
  get options(): DatabaseOptions {
    return this.#writer.options;
  }

  /** @param units of each; most are short where it is left out: 6 to 60, 18 in the middle */
  addItems(count: number, units = () => Math.round(6 * 10 ** this.uniform())): void {
    for (let i = 0; i < count; i += 100) {
      this.#writer.together(() => {
        for (let n = i; n < Math.min(count, i + 100); n += 1) {
          this.addItem(units());
        }
      });
    }
  }

  /** A recording that is done. @param name random words where it is left out */
  addItem(units: number, name = this.#name(), alphas: readonly number[] = ALPHAS): WrittenItem {
    return this.#writer.add({
      name,
      kind: 'audio',
      sourcePath: '/x',
      createdAt: CREATED,
      settings: { ...SETTINGS, alphas: [...alphas] },
      facts: null,
      segments: this.#units(units, alphas),
      total: units * WINDOW,
      playable: false,
    });
  }

  #name(): string {
    return `${this.#sentence().slice(0, 30)}.wav`;
  }

  /** Frequencies fall as in language: the rank of a word is log-uniform. */
  #sentence(): string {
    return Array.from({ length: WORDS_PER_UNIT }, () => this.#word()).join(' ');
  }

  /** The most frequent first. */
  get words(): readonly string[] {
    return this.#words;
  }

  #word(): string {
    return this.#words[Math.floor(VOCABULARY ** this.uniform()) - 1] ?? '';
  }

  /** At least 0, below 1. */
  uniform(): number {
    return this.#random.uint32() / 2 ** 32;
  }

  below(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  close(): void {
    this.#writer.close();
  }

  *#units(count: number, alphas: readonly number[]): Generator<Segment> {
    for (let index = 0; index < count; index += 1) yield this.#unit(index, alphas);
  }

  #unit(index: number, alphas: readonly number[]): Segment {
    const plain = this.#sentence();
    const texts = alphas.map((alpha) =>
      alpha > 0 && this.below(DIFFERS) === 0 ? this.#changed(plain) : plain,
    );
    return {
      index,
      start: index * WINDOW,
      end: (index + 1) * WINDOW,
      source: null,
      separator: null,
      predictedScore: this.uniform(),
      gradientNorm: this.uniform(),
      variants: alphas.map((alpha, column) => ({
        alpha,
        text: texts[column] ?? plain,
        tokenIds: Array.from({ length: 20 }, () => this.below(50_000)),
        predictedScore: this.uniform(),
        averageLogProbability: -this.uniform(),
        finishReason: 'end-of-text' as const,
      })),
    };
  }

  #changed(text: string): string {
    const words = text.split(' ');
    words[this.below(words.length)] = this.#word();
    return words.join(' ');
  }
}
