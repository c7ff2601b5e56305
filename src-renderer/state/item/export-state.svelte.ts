/** Taking texts away: as a file of some format, or on the clipboard. */

import type { ExportFormat } from '../../../src-main/contract/export-formats.ts';
import type { HistoryRun, Item } from '../../../src-main/contract/history.ts';
import type { AppClient } from '../../bridge/app-client.ts';
import { type Problem, problemOf } from '../../bridge/problem.ts';
import { MIME_TYPES, usualFormat } from './export-formats.ts';

/** The ways out of the page. */
export interface WaysOut {
  readonly save: (fileName: string, content: string, mimeType: string) => void;
  readonly copy: (text: string) => Promise<void>;
}

export interface ExportTarget {
  readonly item: Item;
  readonly run: HistoryRun;
}

export type ExportOutcome =
  | { readonly what: 'saved'; readonly itemId: string; readonly fileName: string }
  | { readonly what: 'copied'; readonly itemId: string };

/** Milliseconds for which it is said what was done. */
const SAID_FOR = 10_000;

export class ExportState {
  /** What the dialog is about; null while it is closed. */
  offered: ExportTarget | null = $state.raw(null);
  /** Format that was used last. */
  last: ExportFormat = $state('txt');
  outcome: ExportOutcome | null = $state.raw(null);
  problem: (Problem & { readonly itemId: string }) | null = $state.raw(null);
  readonly #client: AppClient;
  readonly #out: WaysOut;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(client: AppClient, out: WaysOut) {
    this.#client = client;
    this.#out = out;
  }

  /** Opens the dialog; null closes it. */
  show(target: ExportTarget | null): void {
    this.offered = target;
  }

  /** Opens the dialog for the newest run of an item that need not be open. */
  offer(itemId: string): Promise<boolean> {
    return this.#asked(itemId, async () => {
      const { item, runs } = await this.#client.history.open({ itemId });
      const [run] = runs;
      if (run !== undefined) this.offered = { item, run };
    });
  }

  /**
   * @param alpha null: the text as it stands
   * @returns whether it was handed out; `problem` says why not
   */
  save(
    { item, run }: ExportTarget,
    format: ExportFormat,
    alpha: number | null = null,
  ): Promise<boolean> {
    return this.#asked(item.id, async () => {
      const text = await this.#client.history.export({ runId: run.id, format, alpha });
      this.#out.save(text.fileName, text.content, MIME_TYPES[format]);
      this.last = format;
      this.#say({ what: 'saved', itemId: item.id, fileName: text.fileName });
    });
  }

  /** In the format used last, as far as the item can have it. */
  saveAsUsual(target: ExportTarget): Promise<boolean> {
    return this.save(target, usualFormat(this.last, target.item.kind));
  }

  /** @param alpha null: the text as it stands */
  copy({ item, run }: ExportTarget, alpha: number | null = null): Promise<boolean> {
    return this.#asked(item.id, async () => {
      const input = { runId: run.id, format: 'txt', alpha } as const;
      const { content } = await this.#client.history.export(input);
      await this.#out.copy(content);
      this.#say({ what: 'copied', itemId: item.id });
    });
  }

  /** Any text, such as a hash. */
  copyText(itemId: string, text: string): Promise<boolean> {
    return this.#asked(itemId, () => this.#out.copy(text));
  }

  #say(outcome: ExportOutcome): void {
    this.outcome = outcome;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.outcome = null;
    }, SAID_FOR);
  }

  async #asked(itemId: string, work: () => Promise<void>): Promise<boolean> {
    this.problem = null;
    this.outcome = null;
    try {
      await work();
      return true;
    } catch (error) {
      this.problem = { ...problemOf(error), itemId };
      return false;
    }
  }
}
