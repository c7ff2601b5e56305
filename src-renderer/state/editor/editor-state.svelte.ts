/**
 * Correcting units in place. What is typed is stored by itself: when the typing rests, and when the
 * field is left. What cannot be stored is kept, also when another item is opened, and tried again.
 */

import type { SegmentView } from '../../../src-main/contract/history.ts';
import type { AppClient } from '../../bridge/app-client.ts';
import { problemOf } from '../../bridge/problem.ts';
import type { ItemState } from '../item/item-state.svelte.ts';
import { correctionOf, type Draft, draftAt, withDraft, withoutDraft } from './editor-drafts.ts';
import { machineText } from './editor-rows.ts';

/** Milliseconds without typing until it is saved. */
const REST = 800;

/** `unsaved`: will be saved by itself. */
export type SavingStatus = 'untouched' | 'unsaved' | 'saving' | 'failed' | 'saved';

export class EditorState {
  /** Of every run, not only of the one that is shown. */
  drafts: readonly Draft[] = $state.raw([]);
  /** Index of the unit whose field has the focus. */
  active: number | null = $state(null);
  /** Whether the list goes along with what is played. */
  follow = $state(true);
  #saved = $state(false);
  /** Something is undone or redone; much of it takes a moment. */
  #stepping = $state(false);
  readonly status: SavingStatus = $derived.by(() => {
    for (const state of ['failed', 'saving', 'typed'] as const) {
      if (this.drafts.some((draft) => draft.state === state)) {
        return state === 'typed' ? 'unsaved' : state;
      }
    }
    if (this.#stepping) return 'saving';
    return this.#saved ? 'saved' : 'untouched';
  });
  readonly #client: AppClient;
  readonly #item: ItemState;
  /** Counts the times that a field was entered. */
  #visit = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  readonly #underWay = new Set<Promise<void>>();

  constructor(client: AppClient, item: ItemState) {
    this.#client = client;
    this.#item = item;
  }

  /** For another item; what is not stored stays, and is tried again. */
  reset(): void {
    this.active = null;
    this.#saved = false;
    void this.saveAll();
  }

  /** The text of a unit with what was typed. */
  textOf(unit: SegmentView): string {
    return this.#draft(unit.index)?.text ?? unit.text;
  }

  /** Null where everything of a unit is stored. */
  stateOf(index: number): Draft['state'] | null {
    return this.#draft(index)?.state ?? null;
  }

  /** The field of a unit got the focus. */
  enter(index: number): void {
    this.active = index;
    this.#visit += 1;
  }

  /** The field of a unit lost the focus. */
  leave(index: number): void {
    if (this.active === index) this.active = null;
    void this.saveAll();
  }

  type(index: number, text: string): void {
    const runId = this.#item.run?.id;
    const unit = this.#item.unit(index);
    if (runId === undefined || unit === undefined) return;
    const before = this.#draft(index);
    clearTimeout(this.#rest);
    // Typed back to what is stored; not while something else is on its way there.
    if (text === unit.text && before?.state !== 'saving') {
      this.drafts = withoutDraft(this.drafts, { runId, index });
      return;
    }
    const alpha = unit.chosenAlpha;
    const mergeKey = `typed ${runId} ${index} ${this.#visit}`;
    this.drafts = withDraft(this.drafts, { runId, index, alpha, text, mergeKey, state: 'typed' });
    this.#rest = setTimeout(() => void this.saveAll(), REST);
  }

  /** @returns whether there was something to give up */
  giveUp(index: number): boolean {
    const draft = this.#draft(index);
    if (draft === undefined) return false;
    this.drafts = withoutDraft(this.drafts, draft);
    return true;
  }

  /** Saves what is typed, and tries again what failed. Settles when all of it is answered. */
  async saveAll(): Promise<void> {
    clearTimeout(this.#rest);
    for (const draft of this.drafts) {
      if (draft.state !== 'saving') this.#start(draft);
    }
    await Promise.all(this.#underWay);
  }

  /**
   * What is typed is saved first, so that it is what is taken back.
   *
   * @returns index of the first unit whose text changed; null where none did
   */
  async undo(): Promise<number | null> {
    await this.saveAll();
    return this.#firstChanged(() => this.#item.undo());
  }

  /** @returns as above */
  async redo(): Promise<number | null> {
    await this.saveAll();
    return this.#firstChanged(() => this.#item.redo());
  }

  /** Makes the machine's text the text again. */
  async backToMachine(unit: SegmentView): Promise<void> {
    this.giveUp(unit.index);
    const { index, chosenAlpha: alpha } = unit;
    await this.#item.change([{ type: 'correct', index, alpha, text: machineText(unit) }]);
  }

  #draft(index: number): Draft | undefined {
    const runId = this.#item.run?.id;
    return runId === undefined ? undefined : draftAt(this.drafts, { runId, index });
  }

  async #firstChanged(work: () => Promise<unknown>): Promise<number | null> {
    const before = this.#item.units;
    this.#stepping = true;
    await work();
    this.#stepping = false;
    const changed = this.#item.units.find(({ text }, place) => before[place]?.text !== text);
    return changed?.index ?? null;
  }

  #start(draft: Draft): void {
    const saving = this.#save(draft).finally(() => this.#underWay.delete(saving));
    this.#underWay.add(saving);
  }

  async #save(draft: Draft): Promise<void> {
    this.drafts = withDraft(this.drafts, { ...draft, state: 'saving' });
    const outcome = await this.#store(draft);
    const now = draftAt(this.drafts, draft);
    if (outcome === 'stored') this.#saved = true;
    // Given up, or typed on: that is saved on its own.
    if (now === undefined || now.text !== draft.text) return;
    this.drafts =
      outcome === 'failed'
        ? withDraft(this.drafts, { ...now, state: 'failed' })
        : withoutDraft(this.drafts, now);
  }

  async #store(draft: Draft): Promise<'stored' | 'failed' | 'gone'> {
    const { runId, mergeKey } = draft;
    if (runId === this.#item.run?.id) {
      const stored = await this.#item.change([correctionOf(draft)], mergeKey);
      return stored ? 'stored' : 'failed';
    }
    // Another item was opened meanwhile: nothing is left to undo it with, but it is not lost.
    try {
      await this.#client.history.change({ runId, changes: [correctionOf(draft)] });
      return 'stored';
    } catch (error) {
      return problemOf(error).code.endsWith('_NOT_FOUND') ? 'gone' : 'failed';
    }
  }
}
