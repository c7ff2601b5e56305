/**
 * One open item: its runs, the units of the run that is shown as they come, what a person does to
 * them (with undo and redo), and where to play it.
 */

import type {
  HistoryRun,
  ItemDetail,
  RunScores,
  SegmentView,
  UnitChange,
} from '../../../src-main/contract/history.ts';
import type { RunSettings } from '../../../src-main/contract/jobs.ts';
import type { AppClient } from '../../bridge/app-client.ts';
import { type Problem, problemOf } from '../../bridge/problem.ts';
import { coalesced } from '../history/coalesced.ts';
import { mergedUnits, placeOf } from './merged-units.ts';
import { type Edit, joinedEdits, NO_EDIT, roundOf } from './unit-changes.ts';

/** Units that are asked for at once; the first answer is what is seen first. */
const PAGES = [200, 5000] as const;
const LARGEST_PAGE = 5000;
const MOST_CHANGES = 5000;

export class ItemState {
  detail: ItemDetail | null = $state.raw(null);
  /** Ascending, without doubles. */
  units: readonly SegmentView[] = $state.raw([]);
  /** False until every unit that is stored has been read once. */
  complete = $state(false);
  /** Address of the playback copy; null where there is none yet. */
  playbackUrl: string | null = $state(null);
  /** Distances from the reference; null where there is none. */
  scores: RunScores | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  #id: string | null = $state(null);
  /** Of the run that is shown; null for the newest. */
  #runId: string | null = $state(null);
  readonly run: HistoryRun | null = $derived(
    this.detail?.runs.find(({ id }) => id === this.#runId) ?? this.detail?.runs[0] ?? null,
  );
  #undos: readonly Edit[] = $state.raw([]);
  #redos: readonly Edit[] = $state.raw([]);
  readonly canUndo = $derived(this.#undos.length > 0);
  readonly canRedo = $derived(this.#redos.length > 0);
  readonly #client: AppClient;
  readonly #textChanged: (itemId: string) => void;
  readonly #wanted = new Set<number>();
  #fetching = false;
  /** Of the edit that a following one may be joined with. */
  #mergeKey: string | null = null;
  /** Edits are sent one after the other, so that each knows what the one before left. */
  #lastEdit: Promise<unknown> = Promise.resolve();
  readonly #rescore = coalesced(async () => {
    await this.#guarded(() => this.loadScores());
  });

  /** @param textChanged hears that a person changed the text of an item */
  constructor(client: AppClient, textChanged: (itemId: string) => void = () => undefined) {
    this.#client = client;
    this.#textChanged = textChanged;
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
    this.#id = null;
    this.#runId = null;
    this.detail = null;
    this.playbackUrl = null;
    this.problem = null;
    this.#forgetUnits();
  }

  /** @param runId null for the newest, also where that changes */
  async showRun(runId: string | null): Promise<void> {
    this.#runId = runId;
    this.#forgetUnits();
    await this.reload();
  }

  /** Reads the item again, with its units. */
  async reload(): Promise<void> {
    const itemId = this.#id;
    if (itemId === null) return;
    await this.#guarded(async () => {
      const before = this.run?.id;
      const detail = await this.#client.history.open({ itemId });
      if (this.#id !== itemId) return;
      this.detail = detail;
      if (before !== undefined && before !== this.run?.id) this.#forgetUnits();
      this.problem = null;
      await Promise.all([this.#loadMedia(), this.#loadAll(), this.loadScores()]);
    });
  }

  /** What stands over the units, and those units that no event told of. */
  async refresh(): Promise<void> {
    const itemId = this.#id;
    if (itemId === null) return;
    await this.#guarded(async () => {
      const before = this.run?.id;
      const detail = await this.#client.history.open({ itemId });
      if (this.#id !== itemId) return;
      this.detail = detail;
      if (before !== this.run?.id) this.#forgetUnits();
      const { scores, units, run } = this;
      await Promise.all([
        this.#loadMedia(),
        units.length < (run?.segments ?? 0) ? this.#loadAll() : undefined,
        scores !== null || detail.reference !== null ? this.#rescore() : undefined,
      ]);
    });
  }

  /** As it stands now; undefined where it is not there, or not read yet. */
  unit(index: number): SegmentView | undefined {
    const unit = this.units[placeOf(this.units, index)];
    return unit?.index === index ? unit : undefined;
  }

  /** A unit of some run was stored; units of another run are of no interest. */
  async segmentDone(runId: string, index: number): Promise<void> {
    if (runId !== this.run?.id) return;
    this.#wanted.add(index);
    if (this.#fetching) return;
    this.#fetching = true;
    await this.#guarded(async () => {
      while (this.#wanted.size > 0) {
        const wanted = [...this.#wanted];
        this.#wanted.clear();
        const first = Math.min(...wanted);
        await this.#load(first, Math.min(LARGEST_PAGE, Math.max(...wanted) - first + 1));
      }
    });
    this.#fetching = false;
  }

  /**
   * Changes units; can be undone.
   *
   * @param mergeKey edits in a row with the same key are undone as one
   * @returns whether it was stored; `problem` says why not
   */
  change(changes: readonly UnitChange[], mergeKey: string | null = null): Promise<boolean> {
    return this.#edit(async (runId) => {
      let edit = NO_EDIT;
      let waiting = changes;
      try {
        while (waiting.length > 0) {
          // Another item was opened meanwhile: it is stored all the same, with nothing to undo it.
          if (runId !== this.run?.id) return await this.#send(runId, waiting);
          const round = roundOf(waiting, (index) => this.unit(index));
          await this.#send(runId, round.edit.forward);
          edit = joinedEdits(edit, round.edit);
          waiting = round.later;
        }
      } finally {
        // Also where a later round failed: what was stored can be taken back.
        if (edit.forward.length > 0 && runId === this.run?.id) this.#remember(edit, mergeKey);
      }
    });
  }

  undo(): Promise<boolean> {
    return this.#edit(async (runId) => {
      const edit = await this.#replayed(runId, this.#undos.at(-1), 'inverse');
      if (edit === null) return;
      this.#undos = this.#undos.filter((one) => one !== edit);
      this.#redos = [...this.#redos, edit];
    });
  }

  redo(): Promise<boolean> {
    return this.#edit(async (runId) => {
      const edit = await this.#replayed(runId, this.#redos.at(-1), 'forward');
      if (edit === null) return;
      this.#redos = this.#redos.filter((one) => one !== edit);
      this.#undos = [...this.#undos, edit];
    });
  }

  async setKeep(keep: boolean): Promise<void> {
    const itemId = this.#id;
    if (itemId === null) return;
    if (await this.#asked(() => this.#client.history.setKeep({ itemId, keep }))) {
      await this.refresh();
    }
  }

  /** @returns whether it was stored; `problem` says why not */
  async rename(name: string): Promise<boolean> {
    const itemId = this.#id;
    if (itemId === null) return false;
    const renamed = await this.#asked(() => this.#client.history.rename({ itemId, name }));
    if (renamed) await this.refresh();
    return renamed;
  }

  /**
   * @param index of a unit, or null for the whole text
   * @param text null removes it
   * @returns whether it was stored; `problem` says why not
   */
  setReference(index: number | null, text: string | null): Promise<boolean> {
    return this.#asked(async () => {
      const runId = this.run?.id;
      if (runId === undefined) return;
      await this.#client.history.setReference({ runId, index, text });
      if (index === null) await this.refresh();
      else await this.#load(index, 1);
      await this.#rescore();
    });
  }

  /** Makes another run, which is shown at once. @returns whether it was queued */
  runAgain(settings: RunSettings): Promise<boolean> {
    return this.#asked(async () => {
      const itemId = this.#id;
      if (itemId === null) return;
      await this.#client.jobs.again({ type: 'run', itemId, settings });
      if (this.#id === itemId) await this.showRun(null);
    });
  }

  async loadScores(): Promise<void> {
    const runId = this.run?.id;
    if (runId === undefined) return;
    const scores = await this.#client.history.scores({ runId });
    if (runId === this.run?.id) this.scores = scores;
  }

  #forgetUnits(): void {
    this.units = [];
    this.scores = null;
    this.complete = false;
    this.#wanted.clear();
    this.#undos = [];
    this.#redos = [];
    this.#mergeKey = null;
  }

  async #loadAll(): Promise<void> {
    const run = this.run;
    if (run === null) return;
    let from = 0;
    for (let page = 0; from < run.segments && run.id === this.run?.id; page += 1) {
      const limit = PAGES[page] ?? LARGEST_PAGE;
      await this.#load(from, limit);
      from += limit;
    }
    if (run.id === this.run?.id) this.complete = true;
  }

  async #load(from: number, limit: number): Promise<void> {
    const runId = this.run?.id;
    if (runId === undefined) return;
    const units = await this.#client.history.segments({ runId, from, limit });
    if (runId === this.run?.id) this.#put(units);
  }

  #put(units: readonly SegmentView[]): void {
    this.units = mergedUnits(this.units, units);
  }

  async #send(runId: string, changes: readonly UnitChange[]): Promise<void> {
    const itemId = this.#id;
    for (let from = 0; from < changes.length; from += MOST_CHANGES) {
      const some = changes.slice(from, from + MOST_CHANGES);
      const units = await this.#client.history.change({ runId, changes: some });
      if (runId === this.run?.id) this.#put(units);
    }
    if (itemId !== null) this.#textChanged(itemId);
    if (this.scores !== null) void this.#rescore();
  }

  /** Null where there is nothing to replay, or another run is shown, before or afterwards. */
  async #replayed(
    runId: string,
    edit: Edit | undefined,
    direction: keyof Edit,
  ): Promise<Edit | null> {
    if (edit === undefined || runId !== this.run?.id) return null;
    await this.#send(runId, edit[direction]);
    if (runId !== this.run?.id) return null;
    this.#mergeKey = null;
    return edit;
  }

  #remember(edit: Edit, mergeKey: string | null): void {
    const last = this.#undos.at(-1);
    const joined = mergeKey !== null && mergeKey === this.#mergeKey && last !== undefined;
    this.#undos = joined
      ? [...this.#undos.slice(0, -1), joinedEdits(last, edit)]
      : [...this.#undos, edit];
    this.#redos = [];
    this.#mergeKey = mergeKey;
  }

  /** @param work is given the run that was shown when it was asked for */
  #edit(work: (runId: string) => Promise<void>): Promise<boolean> {
    const runId = this.run?.id;
    if (runId === undefined) return Promise.resolve(false);
    const done = this.#lastEdit.then(() => this.#asked(() => work(runId)));
    this.#lastEdit = done;
    return done;
  }

  async #loadMedia(): Promise<void> {
    const item = this.detail?.item;
    if (item?.media !== 'ready' || this.playbackUrl !== null) return;
    const { url } = await this.#client.media.playback({ itemId: item.id });
    if (this.#id === item.id) this.playbackUrl = url;
  }

  /** For what a person asks for: the problem of before is settled, or comes again. */
  #asked(work: () => Promise<unknown>): Promise<boolean> {
    this.problem = null;
    return this.#guarded(work);
  }

  async #guarded(work: () => Promise<unknown>): Promise<boolean> {
    const itemId = this.#id;
    try {
      await work();
      return true;
    } catch (error) {
      if (this.#id === itemId) this.problem = problemOf(error);
      return false;
    }
  }
}
