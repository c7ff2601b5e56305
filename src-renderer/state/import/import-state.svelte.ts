/** Bringing files and texts in: one file is sent at a time, and each can be taken back. */

import type { ItemSource, RunSettings } from '../../../src-main/contract/jobs.ts';
import type { Bridge } from '../../bridge/bridge.ts';
import { type Problem, problemOf } from '../../bridge/problem.ts';
import type { ModelsState } from '../models/models-state.svelte.ts';
import type { SettingsState } from '../settings/settings-state.svelte.ts';
import { RunChoices } from './run-choices.svelte.ts';
import { StrengthChoices } from './strength-choices.svelte.ts';

type UploadStage =
  | { readonly stage: 'waiting' }
  /** Bytes. */
  | { readonly stage: 'sending'; readonly sent: number; readonly total: number }
  | { readonly stage: 'failed'; readonly problem: Problem };

export type Upload = { readonly id: number; readonly name: string } & UploadStage;

/** What is done with what is added. */
interface Order {
  readonly settings: RunSettings;
  readonly keep: boolean;
}

const TEXT_FILE = /\.(txt|text|md|markdown)$/i;
const LONGEST_NAME = 60;

export class ImportState {
  /** Files that are on their way or could not be added. */
  uploads: readonly Upload[] = $state.raw([]);
  /** Of the text that was pasted last. */
  problem: Problem | null = $state.raw(null);
  /** These and what follows: for what is added next. */
  readonly recordings: RunChoices;
  readonly texts: RunChoices;
  doNotKeep = $state(false);
  readonly strengths = new StrengthChoices();
  /** Nothing is added while an option is wrong. */
  readonly ready = $derived(this.strengths.settings !== null);
  readonly #bridge: Bridge;
  readonly #cancels = new Map<number, AbortController>();
  #ids = 0;
  #before: Promise<void> = Promise.resolve();

  constructor(bridge: Bridge, models: ModelsState, settings: SettingsState) {
    this.#bridge = bridge;
    this.recordings = new RunChoices('transcribe', models, settings);
    this.texts = new RunChoices('translate', models, settings);
  }

  /** With the options of now, also where a file has to wait. */
  addFiles(files: Iterable<File>): void {
    for (const file of files) {
      const order = this.#order(isText(file) ? this.texts : this.recordings);
      if (order === null) return;
      this.#ids += 1;
      const id = this.#ids;
      const cancel = new AbortController();
      this.#cancels.set(id, cancel);
      this.uploads = [...this.uploads, { id, name: file.name, stage: 'waiting' }];
      this.#before = this.#before.then(() => this.#send(id, file, order, cancel.signal));
    }
  }

  /** @returns whether it was added */
  async addText(text: string): Promise<boolean> {
    const order = this.#order(this.texts);
    if (order === null) return false;
    this.problem = null;
    try {
      await this.#add({ type: 'text', name: nameOf(text), text }, order);
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

  #order(choices: RunChoices): Order | null {
    const strengths = this.strengths.settings;
    return strengths && { settings: choices.settings(strengths), keep: !this.doNotKeep };
  }

  async #send(id: number, file: File, order: Order, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const onProgress = (sent: number, total: number) =>
      this.#set(id, { stage: 'sending', sent, total });
    onProgress(0, file.size);
    try {
      const grantId = await this.#bridge.grantFile(file, { signal, onProgress });
      signal.throwIfAborted();
      await this.#add({ type: 'grant', grantId }, order);
      this.#forget(id);
    } catch (error) {
      if (!signal.aborted) this.#set(id, { stage: 'failed', problem: problemOf(error) });
    }
  }

  async #add(source: ItemSource, order: Order): Promise<void> {
    await this.#bridge.client.jobs.add({ source, ...order });
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
function isText(file: File): boolean {
  return file.type.startsWith('text/') || TEXT_FILE.test(file.name);
}

/** The first words of a text. */
function nameOf(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length <= LONGEST_NAME ? line : `${line.slice(0, LONGEST_NAME - 1).trimEnd()}…`;
}
