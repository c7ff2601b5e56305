/** What training and evaluating a proxy share: the model's part of a request, progress, cancelling. */

import { resolve } from 'node:path';
import { VeerError } from '../contract/errors.ts';
import type { FrozenModel, TrainingEvent, TrainingExample } from '../contract/proxy-training.ts';
import type { EngineClient } from '../engine-client/engine-client.ts';
import { EXIT } from './exit-codes.ts';
import type { FrozenModelFlags } from './proxy-options.ts';
import { ProgressLine, printable, type Streams } from './terminal.ts';

export interface ProxyContext {
  readonly engine: EngineClient<'restart'>;
  readonly streams: Streams;
  readonly signal: AbortSignal;
  readonly modelDirectories: readonly string[];
  /** Where outputs of models are kept by default. */
  readonly cacheDirectory: string;
  readonly version: string;
}

const GIGABYTE = 1e9;

export function frozenModel(
  flags: FrozenModelFlags,
  modelDirectory: string,
  examples: readonly TrainingExample[],
  context: Pick<ProxyContext, 'cacheDirectory'>,
): FrozenModel {
  return {
    modelDirectory,
    dtype: flags.dtype ?? null,
    device: flags.device,
    threads: flags.threads ?? null,
    language: flags.language ?? null,
    sourceLanguage: flags.sourceLanguage ?? null,
    cacheDirectory: flags.cache === undefined ? context.cacheDirectory : resolve(flags.cache),
    cacheBytes: GIGABYTE * flags.cacheSize,
    examples: [...examples],
  };
}

/** Runs `work`; a cancel is no failure, and says what stays. */
export async function cancellable(
  { streams, signal }: ProxyContext,
  progress: ProxyProgress,
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work();
  } catch (error) {
    progress.end();
    const cancelled = error instanceof VeerError && error.code === 'CANCELLED';
    if (!cancelled && !signal.aborted) throw error;
    streams.stderr.write('Cancelled. The same command goes on from what was stored.\n');
    return EXIT.cancelled;
  }
}

const STAGES = {
  outputs: 'running the frozen model',
  scores: 'translating back',
  fit: 'fitting',
  measure: 'measuring',
} as const;

/** More examples that were left out are only counted. */
const MOST_NAMED = 5;

/** A progress line, and lines that stay: epochs, and what was left out. */
export class ProxyProgress {
  readonly #line: ProgressLine;
  readonly #streams: Streams;
  #note = '';
  #skipped = 0;

  constructor(streams: Streams) {
    this.#streams = streams;
    this.#line = new ProgressLine(streams.stderr);
  }

  show(event: Exclude<TrainingEvent, { type: 'trained' }>): void {
    switch (event.type) {
      case 'progress':
        this.#line.show(STAGES[event.stage], event.done / event.total, this.#note);
        break;
      case 'skipped':
        this.#skipped += 1;
        if (this.#skipped <= MOST_NAMED) {
          this.#say(`veer: left out: ${event.example}: ${event.reason}`);
        }
        break;
      case 'epoch': {
        const { member, epoch, loss, devSpearman } = event;
        this.#note = `dev Spearman ${devSpearman.toFixed(3)}`;
        this.#say(
          `proxy ${member + 1}, epoch ${epoch + 1}: loss ${loss.toFixed(4)}, ${this.#note}`,
        );
      }
    }
  }

  end(): void {
    this.#line.clear();
    if (this.#skipped > MOST_NAMED) {
      this.#say(`veer: left out for such reasons: ${this.#skipped} in all`);
    }
    this.#skipped = 0;
  }

  #say(line: string): void {
    this.#line.clear();
    this.#streams.stderr.write(`${printable(line)}\n`);
  }
}
