/**
 * Comparing the versions of the run that is shown: which strength, which units, where one is, and
 * what is kept. One for each run that is opened; it lives as long as the item is open.
 */

import type { SegmentView } from '../../../src-main/contract/history.ts';
import type { Job } from '../../../src-main/contract/jobs.ts';
import type { Problem } from '../../bridge/problem.ts';
import type { ItemState } from '../item/item-state.svelte.ts';
import type { ModelsState } from '../models/models-state.svelte.ts';
import type { PlayerState } from '../player/player-state.svelte.ts';
import type { PartialText, QueueState } from '../queue/queue-state.svelte.ts';
import { BlindTrial, type Tally } from './blind-trial.ts';
import { parseAlpha } from './free-alpha.ts';
import { type Stop, stopOf, stopsAround } from './strength-stops.ts';
import {
  type Suggestion,
  startingAlpha,
  suggestedAlpha,
  suggestionFor,
} from './suggested-strength.ts';
import { secondsFor } from './time-estimate.ts';
import { countPairs, isDecidable, type PairCounts, pairOf, type UnitPair } from './unit-pairs.ts';
import type { VariantRequests } from './variant-requests.svelte.ts';

export type UnitFilter = 'differing' | 'all';
export type PairSide = 'plain' | 'alternative';

export interface CompareParts {
  readonly item: ItemState;
  readonly models: ModelsState;
  readonly queue: QueueState;
  readonly player: PlayerState;
  readonly requests: VariantRequests;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** A unit that is being decoded for the first time. */
export interface GrowingUnit {
  readonly index: number;
  readonly plain: string;
  /** Null where the job does not make the strength that is shown. */
  readonly alternative: string | null;
}

/** A text that is being corrected in place. */
export interface Editing {
  readonly index: number;
  draft: string;
}

export class CompareState {
  filter: UnitFilter = $state('differing');
  detailsOpen = $state(false);
  editing: Editing | null = $state(null);
  /** Of the α that was typed. */
  alphaProblem: Problem | null = $state.raw(null);
  blind: BlindTrial | null = $state.raw(null);
  readonly #parts: CompareParts;
  /** Null until a person chose one. */
  #chosenAlpha: number | null = $state(null);
  /** Index of a unit. */
  #cursor: number | null = $state(null);
  #preferredFilter: UnitFilter = 'differing';
  #visible: readonly number[] = [];
  /** The version whose correction was hidden when another one was kept, by unit. */
  #hiddenCorrections: ReadonlyMap<number, number> = $state.raw(new Map());
  /** Choices on their way. */
  readonly #choosing = new Set<number>();

  readonly suggestion: Suggestion = $derived.by(() => {
    const { run } = this.#parts.item;
    const { models } = this.#parts;
    if (run === null || models.list === null) return { state: 'unknown' };
    return suggestionFor(run, models.find(run.model?.id ?? run.settings.model));
  });
  readonly stops: readonly Stop[] = $derived(stopsAround(suggestedAlpha(this.suggestion)));
  /** The strength of the alternative. */
  readonly alpha: number = $derived.by(() => {
    const { run } = this.#parts.item;
    if (this.#chosenAlpha !== null) return this.#chosenAlpha;
    return run === null ? 0 : startingAlpha(this.suggestion, run);
  });
  /** Null for an α between the stops. */
  readonly stop: Stop | null = $derived(stopOf(this.stops, this.alpha));
  readonly pairs: readonly UnitPair[] = $derived.by(() => {
    const { alpha } = this;
    return this.#parts.item.units.map((unit) => pairOf(unit, alpha));
  });
  readonly counts: PairCounts = $derived(countPairs(this.pairs));
  /** Where nothing can differ, or nothing was compared yet, everything is shown to be read. */
  readonly shownFilter: UnitFilter = $derived(
    this.alpha === 0 || this.counts.compared === 0 ? 'all' : this.filter,
  );
  readonly listed: readonly UnitPair[] = $derived(
    this.shownFilter === 'all'
      ? this.pairs
      : this.pairs.filter(({ unit, differs }) => differs ?? this.isComputing(unit)),
  );
  /** Position in the list; -1 where the list is empty. */
  readonly position: number = $derived.by(() => {
    const cursor = this.#cursor ?? 0;
    const found = this.listed.findIndex(({ unit }) => unit.index >= cursor);
    return found === -1 ? this.listed.length - 1 : found;
  });
  readonly current: UnitPair | null = $derived(this.listed[this.position] ?? null);
  readonly tally: Tally | null = $derived.by(
    () => this.blind?.tally(this.#parts.item.units) ?? null,
  );
  /** The job that makes the run, while it is at work or waits. */
  readonly making: Job | null = $derived.by(() => {
    const runId = this.#parts.item.run?.id;
    return (
      this.#parts.queue.jobs.find(
        (job) =>
          job.runId === runId &&
          job.work.kind === 'whole' &&
          (job.state === 'running' || job.state === 'waiting'),
      ) ?? null
    );
  });
  readonly growing: GrowingUnit | null = $derived(this.#growing());
  /** Units of the run that lack the strength. */
  readonly missing: number = $derived(
    this.pairs.filter(({ alternative }) => alternative === null).length,
  );
  readonly wholeFile = $derived.by(() => {
    const { item, requests } = this.#parts;
    return requests.wholeFile(item.run?.id ?? '', this.alpha);
  });
  /** Seconds that the strength takes for the whole file; null where nothing is known of it. */
  readonly secondsForMissing: number | null = $derived.by(() => {
    const { item, requests } = this.#parts;
    return secondsFor(this.missing, {
      timings: item.run?.timings ?? null,
      units: item.units.length,
      variants: item.units.reduce((sum, { variants }) => sum + variants.length, 0),
      encoderOutputsStored: requests.hasServed(item.run?.id ?? '') && this.encodedAgain === 0,
    });
  });
  /** Units that the newest job of the run had to encode again. */
  readonly encodedAgain: number = $derived.by(() => {
    const { item, queue } = this.#parts;
    return queue.encodedAgain[item.run?.id ?? '']?.units ?? 0;
  });

  constructor(parts: CompareParts) {
    this.#parts = parts;
  }

  isComputing({ index }: SegmentView): boolean {
    const runId = this.#parts.item.run?.id;
    return runId !== undefined && this.#parts.requests.isComputing(runId, index, this.alpha);
  }

  setFilter(filter: UnitFilter): void {
    this.#preferredFilter = filter;
    this.filter = filter;
  }

  /** Shows another strength, and has it computed where it is looked at. */
  setStrength(alpha: number): void {
    const index = (this.current ?? this.pairs[0])?.unit.index ?? null;
    this.#chosenAlpha = alpha;
    this.alphaProblem = null;
    // Nothing can be said of units that are not computed: all are shown, so that none seems equal.
    this.filter = this.missing === 0 ? this.#preferredFilter : 'all';
    this.#cursor = index ?? this.#cursor;
    this.#follow(index);
  }

  /** @returns whether it is a number */
  tryAlpha(text: string): boolean {
    const typed = parseAlpha(text);
    if ('problem' in typed) {
      this.alphaProblem = typed.problem;
      return false;
    }
    this.setStrength(typed.alpha);
    return true;
  }

  async computeWholeFile(): Promise<void> {
    const runId = this.#parts.item.run?.id;
    if (runId !== undefined) await this.#parts.requests.computeWholeFile(runId, this.alpha);
  }

  cancelWholeFile(): void {
    const runId = this.#parts.item.run?.id;
    if (runId !== undefined) this.#parts.requests.cancelWholeFile(runId, this.alpha);
  }

  /** @param indices of the units that can be seen now */
  showing(indices: readonly number[]): void {
    this.#visible = indices;
    // Before the strength was moved, nobody has asked for anything to be computed.
    if (this.#chosenAlpha !== null) this.#follow(null);
  }

  goTo(index: number): void {
    this.#cursor = index;
  }

  /** To the next (1) or previous (-1) unit of the list. */
  move(step: 1 | -1): void {
    const pair = this.listed[this.position + step];
    if (pair !== undefined) this.#cursor = pair.unit.index;
  }

  /** Whether the program chose a version of each unit, which is the text until a person keeps one. */
  get choosesItself(): boolean {
    return this.#parts.item.run?.settings.choice === 'automatic';
  }

  /** Whether there is something to play yet. */
  get canPlay(): boolean {
    return this.#parts.item.playbackUrl !== null;
  }

  play(unit: SegmentView): void {
    if (!this.canPlay || unit.start === null || unit.end === null) return;
    this.#parts.player.playSpan(unit.start, unit.end);
  }

  /** Whether a unit's versions are shown without their names. */
  hides({ unit, differs }: UnitPair): boolean {
    return this.blind !== null && differs === true && !unit.reviewed;
  }

  setBlind(on: boolean): void {
    this.editing = null;
    this.blind = on ? new BlindTrial(this.#parts.item.units, this.#parts.random) : null;
  }

  /** What stands on a side of a unit; of a unit that is not shuffled plain is left. */
  sideOf({ unit }: UnitPair, side: 'left' | 'right'): PairSide {
    const plainLeft = this.blind?.plainIsLeft(unit.index) ?? true;
    return plainLeft === (side === 'left') ? 'plain' : 'alternative';
  }

  /** Makes a version the text, and goes to the next unit that is to be decided. */
  async keep(pair: UnitPair, side: PairSide): Promise<void> {
    const { item } = this.#parts;
    const { unit } = pair;
    const variant = side === 'plain' ? pair.plain : pair.alternative;
    if (variant === null || !isDecidable(pair)) return;
    this.#noteCorrection(unit, variant.alpha);
    this.#choosing.add(unit.index);
    this.#cursor = this.#nextToDecide(unit.index) ?? unit.index;
    const stored = await item.change([{ type: 'choose', index: unit.index, alpha: variant.alpha }]);
    this.#choosing.delete(unit.index);
    if (!stored) this.#cursor = unit.index;
  }

  /** Whether a correction of another version is hidden, since the text is this version now. */
  hidesCorrection(unit: SegmentView): boolean {
    const corrected = this.#hiddenCorrections.get(unit.index);
    return corrected !== undefined && corrected !== unit.chosenAlpha;
  }

  startEditing({ unit }: UnitPair): void {
    if (this.blind !== null) return;
    this.#cursor = unit.index;
    this.editing = { index: unit.index, draft: unit.text };
  }

  cancelEditing(): void {
    this.editing = null;
  }

  /** Stores what was typed as a correction of the version that is the text. */
  async saveEditing(): Promise<void> {
    const { editing } = this;
    const { item } = this.#parts;
    const unit = editing === null ? undefined : item.unit(editing.index);
    if (editing === null || unit === undefined) return;
    const text = editing.draft.trim();
    if (text === unit.text) {
      this.editing = null;
      return;
    }
    const stored = await item.change([
      { type: 'correct', index: unit.index, alpha: unit.chosenAlpha, text },
    ]);
    // What is typed stays in the field where it could not be stored.
    if (stored && this.editing === editing) this.editing = null;
  }

  undo(): Promise<void> {
    return this.#stepping(() => this.#parts.item.undo());
  }

  redo(): Promise<void> {
    return this.#stepping(() => this.#parts.item.redo());
  }

  /** Goes where something has changed. */
  async #stepping(step: () => Promise<boolean>): Promise<void> {
    const { item } = this.#parts;
    const before = new Set(item.units);
    await step();
    const changed = item.units.find((unit) => !before.has(unit));
    if (changed !== undefined) this.#cursor = changed.index;
  }

  /** @param first the unit that is computed for every stop before any other one */
  #follow(first: number | null): void {
    const { item, requests } = this.#parts;
    const runId = item.run?.id;
    if (runId === undefined || this.suggestion.state === 'no-proxy') return;
    const unitsOf = (indices: readonly number[]) =>
      indices.flatMap((index) => item.unit(index) ?? []);
    const current = this.current?.unit.index;
    void requests.follow({
      runId,
      alpha: this.alpha,
      current: first === null ? null : (item.unit(first) ?? null),
      stops: this.stop === null ? [this.alpha] : this.stops.map(({ alpha }) => alpha),
      units: unitsOf([...new Set([...this.#visible, ...(current === undefined ? [] : [current])])]),
    });
  }

  #nextToDecide(after: number): number | null {
    const open = this.pairs.filter(
      ({ unit, differs }) =>
        differs === true &&
        !unit.reviewed &&
        unit.index !== after &&
        !this.#choosing.has(unit.index),
    );
    return (open.find(({ unit }) => unit.index > after) ?? open[0])?.unit.index ?? null;
  }

  #noteCorrection(unit: SegmentView, alpha: number): void {
    const hidden = new Map(this.#hiddenCorrections);
    // The note of a correction that was taken back meanwhile goes.
    if (unit.correction !== null) hidden.set(unit.index, unit.chosenAlpha);
    else if (hidden.get(unit.index) === unit.chosenAlpha) hidden.delete(unit.index);
    if (unit.chosenAlpha !== alpha) this.#hiddenCorrections = hidden;
  }

  #growing(): GrowingUnit | null {
    const { item, queue } = this.#parts;
    const job = this.making;
    const partial: PartialText | undefined = job === null ? undefined : queue.partials[job.id];
    if (job === null || partial === undefined || item.unit(partial.index) !== undefined)
      return null;
    const alphas = job.settings.alphas ?? item.run?.alphas ?? [];
    const textAt = (alpha: number) => partial.texts[alphas.indexOf(alpha)];
    return {
      index: partial.index,
      plain: textAt(0) ?? partial.texts[0] ?? '',
      alternative: textAt(this.alpha) ?? null,
    };
  }
}
