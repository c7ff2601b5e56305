/**
 * Bringing a model in, a folder or a file: what of it is sent, the way of its files, and the trial that the
 * application makes. Cancelling leaves nothing of it.
 */

import type { Dtype, Weights } from '../../../src-main/contract/devices.ts';
import type { ImportEvent, ImportedFile } from '../../../src-main/contract/model-list.ts';
import type { Bridge } from '../../bridge/bridge.ts';
import { type Problem, problemOf } from '../../bridge/problem.ts';
import {
  isModelName,
  MADE,
  type ModelFolder,
  modelName,
  readFolder,
  sizeOf,
  USUAL,
} from './model-folder.ts';
import type { ModelsState } from './models-state.svelte.ts';

/** A file that a person chose, with its path within the folder. */
export interface ChosenFile {
  readonly path: string;
  readonly file: File;
}

type SourceFile = ChosenFile & { readonly bytes: number };

/** Bytes. */
interface Way {
  readonly done: number;
  readonly total: number;
}

export type ImportStage =
  /** Waits for a folder, or for a yes. */
  | { readonly stage: 'open' }
  | ({ readonly stage: 'sending' | 'copying' } & Way)
  /** Dtype null: files are unpacked or copied. */
  | ({ readonly stage: 'converting'; readonly dtype: Dtype | null } & Way)
  | { readonly stage: 'checking'; readonly dtype: Weights }
  | { readonly stage: 'done'; readonly id: string };

export type Recognised = Extract<ImportEvent, { type: 'recognised' }>;

/** What one import may hold. */
export const MOST_FILES = 1000;

export class ModelImportState {
  /** Null while none is chosen. */
  folder: ModelFolder<SourceFile> | null = $state.raw(null);
  /** That the model gets; the folder's, unless a person changes it. */
  name = $state('');
  /** Dtypes that are taken along. */
  dtypes: readonly Weights[] = $state.raw([]);
  stage: ImportStage = $state.raw({ stage: 'open' });
  /** What the application took the files for; null until it has said so. */
  recognised: Recognised | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  /** Path of the file at which sending failed. */
  problemFile: string | null = $state(null);
  readonly running = $derived(this.stage.stage !== 'open' && this.stage.stage !== 'done');
  readonly nameProblem: 'invalid' | 'taken' | null = $derived.by(() => {
    if (!isModelName(this.name)) return 'invalid';
    return this.#models.isTaken(this.name) ? 'taken' : null;
  });
  readonly files: readonly SourceFile[] = $derived.by(() => this.#taken());
  readonly bytes: number = $derived(sizeOf(this.files));
  readonly tooMany = $derived(this.files.length > MOST_FILES);
  readonly ready: boolean = $derived(
    this.folder?.missing.length === 0 &&
      this.folder.refused === null &&
      this.dtypes.length > 0 &&
      this.nameProblem === null &&
      !this.tooMany &&
      !this.running,
  );
  readonly #bridge: Bridge;
  readonly #models: ModelsState;
  #cancel = new AbortController();

  constructor(bridge: Bridge, models: ModelsState) {
    this.#bridge = bridge;
    this.#models = models;
  }

  /** @param folder its name, or that of a file */
  choose(folder: string, files: readonly ChosenFile[]): void {
    if (this.running) return;
    this.forget();
    this.folder = readFolder(files.map((file) => ({ ...file, bytes: file.file.size })));
    const all = this.folder.dtypes.map(({ dtype }) => dtype);
    this.dtypes = this.folder.isMade ? USUAL : all;
    this.name = modelName(folder);
  }

  /** Takes the choice of a folder back. */
  forget(): void {
    this.folder = null;
    this.recognised = null;
    this.problem = null;
    this.problemFile = null;
    this.stage = { stage: 'open' };
  }

  toggle(dtype: Weights, taken: boolean): void {
    const others = this.dtypes.filter((each) => each !== dtype);
    this.dtypes = taken ? [...others, dtype] : others;
  }

  /** Never rejects. */
  async start(): Promise<void> {
    if (!this.ready) return;
    const { files, name, folder } = this;
    const made = MADE.filter((dtype) => this.dtypes.includes(dtype));
    const dtypes = folder?.isMade === true ? made : null;
    const cancel = new AbortController();
    this.#cancel = cancel;
    const { signal } = cancel;
    this.recognised = null;
    this.problem = null;
    this.problemFile = null;
    try {
      const granted = await this.#send(files, signal);
      const input = { name, files: granted, dtypes };
      const events = await this.#bridge.client.models.import(input, { signal });
      for await (const event of events) this.#follow(event);
    } catch (error) {
      if (!signal.aborted) this.problem = problemOf(error);
    }
    // What was brought in is in the list; all else can be tried again with the same folder.
    if (this.stage.stage === 'done') this.folder = null;
    else this.stage = { stage: 'open' };
    await this.#models.load();
  }

  cancel(): void {
    this.#cancel.abort();
  }

  #taken(): readonly SourceFile[] {
    if (this.folder === null) return [];
    const graphs = this.folder.dtypes.filter(({ dtype }) => this.dtypes.includes(dtype));
    return [...this.folder.shared, ...graphs.flatMap(({ files }) => files)];
  }

  /** One after the other; what a shell need not send is granted at once. */
  async #send(files: readonly SourceFile[], signal: AbortSignal): Promise<ImportedFile[]> {
    const total = sizeOf(files);
    const granted: ImportedFile[] = [];
    let before = 0;
    this.stage = { stage: 'sending', done: 0, total };
    for (const { path, file, bytes } of files) {
      const onProgress = (sent: number) => {
        if (!signal.aborted) this.stage = { stage: 'sending', done: before + sent, total };
      };
      try {
        const grantId = await this.#bridge.grantFile(file, { signal, onProgress });
        granted.push({ path, grantId });
      } catch (error) {
        this.problemFile = signal.aborted ? null : path;
        throw error;
      }
      before += bytes;
      onProgress(0);
    }
    return granted;
  }

  #follow(event: ImportEvent): void {
    switch (event.type) {
      case 'copying':
        this.stage = { stage: 'copying', done: event.done, total: event.total };
        return;
      case 'recognised':
        this.recognised = event;
        return;
      case 'converting':
        this.stage = {
          stage: 'converting',
          dtype: event.dtype,
          done: event.done,
          total: event.total,
        };
        return;
      case 'checking':
        this.stage = { stage: 'checking', dtype: event.dtype };
        return;
      case 'done':
        this.stage = { stage: 'done', id: event.model.id };
        return;
      default:
        event satisfies never;
    }
  }
}
