/** One open item: its newest run, the units of that run as they come, and where to play it. */

import type { HistoryRun, ItemDetail, SegmentView } from '../../src-main/contract/history.ts';
import type { AppClient } from '../bridge/app-client.ts';
import { type Problem, problemOf } from '../bridge/problem.ts';

/** Units that are asked for at once. */
const PAGE = 500;
/** Milliseconds between two looks at a recording that is being prepared for playback. */
const MEDIA_INTERVAL = 2000;

export class ItemState {
  detail: ItemDetail | null = $state.raw(null);
  /** Ascending, without doubles. */
  segments: readonly SegmentView[] = $state.raw([]);
  /** Address of the playback copy; null where there is none yet. */
  playbackUrl: string | null = $state(null);
  problem: Problem | null = $state.raw(null);
  #id: string | null = $state(null);
  readonly run: HistoryRun | null = $derived(this.detail?.runs[0] ?? null);
  readonly hasMore = $derived((this.run?.segments ?? 0) > this.segments.length);
  readonly #client: AppClient;
  readonly #wanted = new Set<number>();
  /** Units from 0 up to here, exclusive, are shown as soon as they are there. */
  #shownTo = PAGE;
  #fetching = false;
  #mediaTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: AppClient) {
    this.#client = client;
  }

  /** Null while no item is open. */
  get id(): string | null {
    return this.#id;
  }

  async open(itemId: string): Promise<void> {
    this.close();
    this.#id = itemId;
    await this.reload();
  }

  close(): void {
    clearTimeout(this.#mediaTimer);
    this.#id = null;
    this.detail = null;
    this.segments = [];
    this.playbackUrl = null;
    this.problem = null;
    this.#wanted.clear();
    this.#shownTo = PAGE;
  }

  /** Reads the item again, and the units that are shown. */
  async reload(): Promise<void> {
    const itemId = this.#id;
    if (itemId === null) return;
    try {
      const detail = await this.#client.history.open({ itemId });
      if (this.#id !== itemId) return;
      if (detail.runs[0]?.id !== this.run?.id) this.segments = [];
      this.detail = detail;
      this.problem = null;
      await this.#prepareMedia(detail);
      for (let from = 0; from < this.#shownTo; from += PAGE) await this.#load(from, PAGE);
    } catch (error) {
      if (this.#id === itemId) this.problem = problemOf(error);
    }
  }

  async more(): Promise<void> {
    const from = this.#shownTo;
    this.#shownTo += PAGE;
    await this.#guarded(() => this.#load(from, PAGE));
  }

  async setKeep(keep: boolean): Promise<void> {
    const itemId = this.#id;
    if (itemId === null) return;
    await this.#guarded(() => this.#client.history.setKeep({ itemId, keep }));
    await this.reload();
  }

  /** A unit of some run was stored; units of another run are of no interest. */
  async segmentDone(runId: string, index: number): Promise<void> {
    if (runId !== this.run?.id || index >= this.#shownTo) return;
    this.#wanted.add(index);
    if (this.#fetching) return;
    this.#fetching = true;
    await this.#guarded(async () => {
      while (this.#wanted.size > 0) {
        const wanted = [...this.#wanted];
        this.#wanted.clear();
        const first = Math.min(...wanted);
        await this.#load(first, Math.min(PAGE, Math.max(...wanted) - first + 1));
      }
    });
    this.#fetching = false;
  }

  async #load(from: number, limit: number): Promise<void> {
    const runId = this.run?.id;
    if (runId === undefined) return;
    const units = await this.#client.history.segments({ runId, from, limit });
    if (runId !== this.run?.id) return;
    const byIndex = new Map(this.segments.map((unit) => [unit.index, unit]));
    for (const unit of units) byIndex.set(unit.index, unit);
    this.segments = [...byIndex.values()].toSorted((a, b) => a.index - b.index);
  }

  async #prepareMedia({ item }: ItemDetail): Promise<void> {
    clearTimeout(this.#mediaTimer);
    if (item.media === 'ready' && this.playbackUrl === null) {
      const { url } = await this.#client.media.playback({ itemId: item.id });
      if (this.#id === item.id) this.playbackUrl = url;
    }
    // No event says when the copy is ready.
    if (item.media === 'waiting') {
      this.#mediaTimer = setTimeout(() => void this.reload(), MEDIA_INTERVAL);
    }
  }

  async #guarded(work: () => Promise<unknown>): Promise<void> {
    const itemId = this.#id;
    try {
      await work();
    } catch (error) {
      if (this.#id === itemId) this.problem = problemOf(error);
    }
  }
}
