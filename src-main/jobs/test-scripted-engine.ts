/**
 * An engine that does what a test tells it, one unit at a time: for states and moments that a real
 * one passes too quickly. job-queue-engine.test.ts runs the queue over the real one. It begins with a
 * request when there is room for it, in the order in which it was asked.
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
  /** Requests that are at work at once. */
  room = 1;
  /** Language that a recording is found to be in, where nobody knows it. */
  heard: string | null = null;
  #free: boolean;
  /** Units that wait to be let pass, in the order in which they came. */
  #units: ((move: 'go' | VeerError) => void)[] = [];
  #atWork = 0;
  #crashes = 0;
  #line: (() => void)[] = [];

  /** @param free lets every unit pass at once */
  constructor(free = false) {
    this.#free = free;
  }

  /** True while a unit is at work. */
  get atWork(): boolean {
    return this.#units.length > 0;
  }

  /** Requests that wait for room. */
  get inLine(): number {
    return this.#line.length;
  }

  /** Lets one unit pass, of the request that has waited longest. */
  step(): void {
    this.#units.shift()?.('go');
  }

  /** Fails one request. */
  fail(error: VeerError): void {
    this.#units.shift()?.(error);
  }

  /** Fails all requests, those that wait for room too. */
  crash(): void {
    const error = new VeerError('ENGINE_CRASHED', 'The engine process stopped unexpectedly.');
    this.#crashes++;
    for (const enter of this.#line.splice(0)) enter();
    for (const move of this.#units.splice(0)) move(error);
  }

  letAllPass(): void {
    this.#free = true;
    for (const move of this.#units.splice(0)) move('go');
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
    const request = { indices, part, options };
    return this.#inLine(request, signal, () =>
      this.#run(units, options, signal, all.length * WINDOW),
    );
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
    const request = { indices, part: null, options };
    return this.#inLine(request, signal, () => this.#run(units, options, signal, null));
  }

  async *#inLine(
    request: Request,
    signal: AbortSignal,
    run: () => AsyncGenerator<RunEvent>,
  ): AsyncGenerator<RunEvent> {
    const crashes = this.#crashes;
    while (this.#atWork >= this.room) {
      await new Promise<void>((resolve) => {
        this.#line.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      if (signal.aborted) throw cancelled(signal);
      if (crashes < this.#crashes) throw new VeerError('ENGINE_CRASHED', 'It stopped.');
    }
    this.#atWork++;
    this.requests.push(request);
    try {
      yield* run();
    } finally {
      this.#atWork--;
      for (const enter of this.#line.splice(0)) enter();
    }
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
      const { promise, resolve } = Promise.withResolvers<'go' | VeerError>();
      const stop = () => {
        this.#units = this.#units.filter((unit) => unit !== resolve);
        resolve(cancelled(signal));
      };
      this.#units.push(resolve);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      const move = await promise;
      signal.removeEventListener('abort', stop);
      if (move !== 'go') throw move;
    }
    if (signal.aborted) throw cancelled(signal);
  }
}

function unitsOf(path: string): readonly number[] {
  return Array.from({ length: Number(path.split('-')[1]) }, (_, index) => index);
}
