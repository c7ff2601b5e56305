/** What the benchmark and its worker processes say to each other. Times are milliseconds. */

import type { Task, Timings } from '../../src-main/contract/result.ts';

/** The bundled models have these. */
export const BENCHMARK_DTYPES = ['fp32', 'int8'] as const;
export type BenchmarkDtype = (typeof BENCHMARK_DTYPES)[number];

/** How a worker is started, as JSON in its first argument. */
export interface WorkerSetup {
  readonly task: Task;
  /** Name of a model that does the task, bundled or made. */
  readonly model: string;
  readonly dtype: BenchmarkDtype;
  /** Threads of one operator, the same for every side. */
  readonly threads: number;
  /** Utterances or sentences of the workload. */
  readonly inputs: number;
}

/** One run of the whole workload. */
export interface WorkRequest {
  /** Inputs per batch; 1 is one after the other. */
  readonly batchSize: number;
  /** Plain output only, or plain and one α side by side. Only Veer can do the latter. */
  readonly outputs: 'plain' | 'compare';
  /** In the worker itself, or through an engine process as the app does it. Only for the engine. */
  readonly route: 'in-process' | 'engine-process';
  /** Whether the engine is asked for a file when the one before is done, or for all at once. */
  readonly files: 'in-turn' | 'at-once';
}

export const ONE_BY_ONE: WorkRequest = {
  batchSize: 1,
  outputs: 'plain',
  route: 'in-process',
  files: 'in-turn',
};

export type Stages = Pick<Timings, 'features' | 'encode' | 'proxy' | 'decode'>;

export interface WorkReply {
  /** From inputs in memory to texts in memory. */
  readonly time: number;
  /** Where Veer's time went; null for the peer. */
  readonly stages: Stages | null;
  /** Ids of the plain output of each input, without prompt and end token. */
  readonly plainIds: readonly (readonly number[])[];
}

/** What a worker says once it has loaded its model. */
export interface WorkerReady {
  /** Step size of `compare`; null where it cannot compare. */
  readonly alpha: number | null;
  /** Why it cannot compare. */
  readonly reason: string | null;
  /** Seconds of audio of the workload; null for text. */
  readonly audioSeconds: number | null;
}

export type WorkerMessage =
  | { readonly type: 'ready'; readonly ready: WorkerReady }
  | { readonly type: 'done'; readonly reply: WorkReply }
  | { readonly type: 'failed'; readonly message: string };

/** A process that runs the workload. */
export interface BenchmarkWorker {
  readonly ready: WorkerReady;
  run(request: WorkRequest): Promise<WorkReply>;
  stop(): void;
}
