/** Bringing files and texts in: one file is sent at a time, and each can be taken back. */

import type { ItemSource, RunSettings } from '../../src-main/contract/jobs.ts';
import type { Task } from '../../src-main/contract/result.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { type Problem, problemOf } from '../bridge/problem.ts';
import { parseAlphas } from './alphas.ts';

type UploadStage =
  | { readonly stage: 'waiting' }
  /** Bytes. */
  | { readonly stage: 'sending'; readonly sent: number; readonly total: number }
  | { readonly stage: 'failed'; readonly problem: Problem };

export type Upload = { readonly id: number; readonly name: string } & UploadStage;

const TEXT_FILE = /\.(txt|text|md|markdown)$/i;
const LONGEST_NAME = 60;

export class ImportState {
  /** Files that are on their way or could not be added. */
  uploads: readonly Upload[] = $state.raw([]);
  /** For what is added next. */
  doNotKeep = $state(false);
  /** Step sizes, as typed; '' leaves the choice to the program. */
  alphaText = $state('');
  readonly alphas = $derived(parseAlphas(this.alphaText));
  /** Of the text that was pasted last. */
  problem: Problem | null = $state.raw(null);
  readonly #bridge: Bridge;
  readonly #cancels = new Map<number, AbortController>();
  #ids = 0;
  #before: Promise<void> = Promise.resolve();

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** With the settings of now, also where a file has to wait. */
  addFiles(files: Iterable<File>): void {
    const alphas = this.#alphas();
    const keep = !this.doNotKeep;
    for (const file of files) {
      this.#ids += 1;
      const id = this.#ids;
      const cancel = new AbortController();
      this.#cancels.set(id, cancel);
      this.uploads = [...this.uploads, { id, name: file.name, stage: 'waiting' }];
      this.#before = this.#before.then(() => this.#send(id, file, alphas, keep, cancel.signal));
    }
  }

  /** @returns whether it was added */
  async addText(text: string): Promise<boolean> {
    this.problem = null;
    try {
      const source = { type: 'text', name: nameOf(text), text } as const;
      await this.#add(source, 'translate', this.#alphas(), !this.doNotKeep);
      return true;
    } catch (error) {
      this.problem = problemOf(error);
      return false;
    }
  }

  /** Stops an upload, or takes a failed one off the list. */
  dismiss(id: number): void {
    this.#cancels.get(id)?.abort();
    this.#forget(id);
  }

  #alphas(): readonly number[] | null {
    return this.alphas.state === 'chosen' ? this.alphas.values : null;
  }

  async #send(
    id: number,
    file: File,
    alphas: readonly number[] | null,
    keep: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted) return;
    const onProgress = (sent: number, total: number) =>
      this.#set(id, { stage: 'sending', sent, total });
    onProgress(0, file.size);
    try {
      const grantId = await this.#bridge.grantFile(file, { signal, onProgress });
      signal.throwIfAborted();
      await this.#add({ type: 'grant', grantId }, taskOf(file), alphas, keep);
      this.#forget(id);
    } catch (error) {
      if (!signal.aborted) this.#set(id, { stage: 'failed', problem: problemOf(error) });
    }
  }

  async #add(
    source: ItemSource,
    task: Task,
    alphas: readonly number[] | null,
    keep: boolean,
  ): Promise<void> {
    const settings: RunSettings = {
      task,
      model: null,
      proxy: null,
      dtype: null,
      alphas: alphas === null ? null : [...alphas],
      language: null,
    };
    await this.#bridge.client.jobs.add({ source, settings, keep });
  }

  #set(id: number, stage: UploadStage): void {
    this.uploads = this.uploads.map((upload) =>
      upload.id === id ? { id, name: upload.name, ...stage } : upload,
    );
  }

  #forget(id: number): void {
    this.#cancels.delete(id);
    this.uploads = this.uploads.filter((upload) => upload.id !== id);
  }
}

/** Texts are translated, all else is listened to. */
function taskOf(file: File): Task {
  return file.type.startsWith('text/') || TEXT_FILE.test(file.name) ? 'translate' : 'transcribe';
}

/** The first words of a text. */
function nameOf(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length <= LONGEST_NAME ? line : `${line.slice(0, LONGEST_NAME - 1).trimEnd()}…`;
}
