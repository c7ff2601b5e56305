/** What the queue is given by whoever composes the program. */

import type { AudioPart, RunEvent, RunOptions, Sentence } from '../contract/engine-contract.ts';
import type { ItemKind } from '../contract/history.ts';
import type { RunSettings } from '../contract/jobs.ts';
import type { EncoderCache } from './encoder-cache.ts';
import type { JobStore } from './job-store.ts';

/**
 * Takes several requests at once, and begins with one (`ready`) when there is room for it beside those
 * before it. Both methods throw ENGINE_CRASHED as soon as the process has died
 * (they try nothing again by themselves: the queue knows what is stored already), CANCELLED when the
 * signal is aborted, and otherwise the named errors of the engine.
 */
export interface QueueEngine {
  transcribe(
    path: string,
    part: AudioPart,
    options: RunOptions,
    signal: AbortSignal,
  ): AsyncIterable<RunEvent>;
  translate(
    sentences: readonly Sentence[],
    options: RunOptions,
    signal: AbortSignal,
  ): AsyncIterable<RunEvent>;
}

/** Settings of a run with every open choice made. */
export interface RunPlan {
  readonly options: Omit<RunOptions, 'encoderCache' | 'predictPerturbed'>;
  /** BCP 47 tag of the text to translate, where the model or its settings say it. */
  readonly sourceLanguage: string | null;
}

/** @throws VeerError MODEL_NOT_FOUND, PROXY_NOT_FOUND, … for settings that cannot be met */
export type PlanRun = (settings: RunSettings, kind: ItemKind) => Promise<RunPlan>;

export interface SentenceList {
  /** What stands before the first sentence. */
  readonly leading: string;
  /** In order, the first with index 0. */
  readonly sentences: readonly Sentence[];
}

/** @throws VeerError FILE_…, TEXT_NOT_UTF8, LANGUAGE_UNSUPPORTED */
export type ReadSentences = (path: string, sourceLanguage: string | null) => Promise<SentenceList>;

export interface QueueParts {
  readonly store: JobStore;
  readonly engine: QueueEngine;
  readonly planRun: PlanRun;
  readonly readSentences: ReadSentences;
  readonly encoderCache: EncoderCache;
  /** Is told of failures that have no name, for the log. */
  readonly reportFault: (fault: unknown) => void;
}
