/**
 * An engine that does what a test tells it, one unit at a time: for states and moments that a real
 * one passes too quickly. job-queue-engine.test.ts runs the queue over the real one.
 *
 * A path says what is in the file: "text-3" has three sentences, "audio-4" four windows of 2 s.
 */

import type { AudioPart, RunEvent, RunOptions, Sentence } from '../contract/engine-contract.ts';
import { cancelled, VeerError } from '../contract/errors.ts';
import type { Segment, Timings } from '../contract/result.ts';
import type { QueueEngine, ReadSentences } from './queue-ports.ts';

/** Seconds. */
const WINDOW = 2;

interface Request {
  readonly indices: readonly number[];
  readonly part: AudioPart | null;
  readonly options: RunOptions;
}

const TIMINGS: Timings = {
  read: 1,
  features: 1,
  encode: 1,
  proxy: 1,
  decode: 1,
  total: 5,
  load: 1,
};

export const readScriptedSentences: ReadSentences = (path) => {
  if (path === 'broken') throw new VeerError('TEXT_NOT_UTF8', 'broken is not UTF-8.');
  const sentences = unitsOf(path).map((index) => ({
    index,
    text: `${path}:${index}`,
    input: `${path}:${index}`,
    separator: ' ',
    translatable: true,
  }));
  return Promise.resolve({ leading: '', sentences });
};

export class ScriptedEngine implements QueueEngine {
  readonly requests: Request[] = [];
  /** First two digits of the hashes that `ready` reports. */
  modelHash = 'a0';
  device: RunOptions['device'] = 'cpu';
  /** Units that the encoder cache does not hold. */
  forgotten = 0;
  /** Language that a recording is found to be in, where nobody knows it. */
  heard: string | null = null;
  #free: boolean;
  #next: ((move: 'go' | VeerError) => void) | null = null;

  /** @param free lets every unit pass at once */
  constructor(free = false) {
    this.#free = free;
  }

  /** True while a unit is at work. */
  get atWork(): boolean {
    return this.#next !== null;
  }

  /** Lets one unit pass. */
  step(): void {
    this.#move('go');
  }

  fail(error: VeerError): void {
    this.#move(error);
  }

  crash(): void {
    this.fail(new VeerError('ENGINE_CRASHED', 'The engine process stopped unexpectedly.'));
  }

  letAllPass(): void {
    this.#free = true;
    this.step();
  }

  transcribe(path: string, part: AudioPart, options: RunOptions, signal: AbortSignal) {
    const all = unitsOf(path);
    const first = part.type === 'rest' ? part.index : 0;
    const indices =
      part.type === 'windows' ? part.windows.map(({ index }) => index) : all.slice(first);
    const units = indices.map((index) => ({
      index,
      start: index * WINDOW,
      end: (index + 1) * WINDOW,
      source: null,
      separator: null,
      text: `${path}:${index}`,
    }));
    this.requests.push({ indices, part, options });
    return this.#run(units, options, signal, all.length * WINDOW);
  }

  translate(sentences: readonly Sentence[], options: RunOptions, signal: AbortSignal) {
    const indices = sentences.map(({ index }) => index);
    const units = sentences.map(({ index, text, separator }) => ({
      index,
      start: null,
      end: null,
      source: text,
      separator,
      text,
    }));
    this.requests.push({ indices, part: null, options });
    return this.#run(units, options, signal, null);
  }

  async *#run(
    units: readonly (Omit<Segment, 'variants' | 'predictedScore' | 'gradientNorm'> & {
      readonly text: string;
    })[],
    options: RunOptions,
    signal: AbortSignal,
    duration: number | null,
  ): AsyncGenerator<RunEvent> {
    const sha256 = (digits: string) => digits.repeat(32);
    const used = options.device === 'auto' ? 'cpu' : options.device;
    yield {
      type: 'ready',
      model: {
        id: 'scripted',
        family: 't5',
        dtype: 'fp32',
        encoderSha256: sha256(this.modelHash),
        decoderSha256: sha256(this.modelHash),
      },
      proxy: null,
      device: { requested: options.device, used, fallbacks: [] },
      language: null,
      sourceLanguage: null,
    };
    if (options.encoderCache !== null) {
      const encoded = Math.min(this.forgotten, units.length);
      yield { type: 'encoder-cache', found: units.length - encoded, encoded };
    }
    if (this.heard !== null && (options.detectedLanguage ?? null) === null) {
      const heard = { language: this.heard, sourceLanguage: this.heard, probability: 0.9 };
      yield { type: 'language', ...heard };
    }
    for (const { text, ...unit } of units) {
      yield { type: 'partial', index: unit.index, texts: options.alphas.map(() => text) };
      await this.#gate(signal);
      const variants = options.alphas.map((alpha) => ({
        alpha,
        text: `${text}@${alpha}`,
        tokenIds: [unit.index],
        predictedScore: null,
        averageLogProbability: -1,
        finishReason: 'end-of-text' as const,
      }));
      const segment = { ...unit, predictedScore: null, gradientNorm: null, variants };
      yield { type: 'segment', segment };
      yield { type: 'progress', done: unit.end ?? unit.index + 1, total: duration ?? units.length };
    }
    yield { type: 'done', duration, timings: TIMINGS };
  }

  async #gate(signal: AbortSignal): Promise<void> {
    if (!this.#free) {
      const stop = () => this.#move(cancelled(signal));
      signal.addEventListener('abort', stop, { once: true });
      const move = await new Promise<'go' | VeerError>((resolve) => {
        this.#next = resolve;
        if (signal.aborted) stop();
      });
      signal.removeEventListener('abort', stop);
      if (move !== 'go') throw move;
    }
    if (signal.aborted) throw cancelled(signal);
  }

  #move(move: 'go' | VeerError): void {
    const next = this.#next;
    this.#next = null;
    next?.(move);
  }
}

function unitsOf(path: string): readonly number[] {
  return Array.from({ length: Number(path.split('-')[1]) }, (_, index) => index);
}
