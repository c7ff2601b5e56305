/**
 * What the history does with a person's changes (src-main/history/corrections.ts), in memory: each
 * version has a pile of corrections of which only the newest of the chosen version is seen.
 */

import type { SegmentView, UnitChange } from '../../src-main/contract/history.ts';

export class TestUnits {
  /** By index and α; the newest last. */
  readonly #piles = new Map<string, string[]>();

  /** Also those that are not seen: by index and α, the newest last. */
  corrections(): ReadonlyMap<string, readonly string[]> {
    return new Map(
      [...this.#piles].filter(([, pile]) => pile.length > 0).map(([key, pile]) => [key, [...pile]]),
    );
  }

  /** All or none. @returns every unit; null where a unit or a version is not there */
  change(
    units: readonly SegmentView[],
    changes: readonly UnitChange[],
  ): readonly SegmentView[] | null {
    const known = changes.every(({ index, alpha }) => {
      const unit = units.find((one) => one.index === index);
      return unit?.variants.some((one) => alpha === null || one.alpha === alpha);
    });
    return known ? changes.reduce((all, change) => this.#changed(all, change), units) : null;
  }

  #changed(units: readonly SegmentView[], change: UnitChange): readonly SegmentView[] {
    return units.map((unit) => {
      if (unit.index !== change.index) return unit;
      if (change.type === 'choose') {
        const plain = unit.variants.find(({ alpha }) => alpha === 0) ?? unit.variants[0];
        const chosenAlpha = change.alpha ?? plain?.alpha ?? 0;
        return this.#seen({ ...unit, chosenAlpha, reviewed: change.alpha !== null });
      }
      const pile = this.#pile(unit.index, change.alpha);
      if (change.text === null) pile.pop();
      else if (pile.at(-1) !== change.text) {
        pile.push(change.text);
        if (unit.chosenAlpha === change.alpha) return this.#seen({ ...unit, reviewed: true });
      }
      return this.#seen(unit);
    });
  }

  #seen(unit: SegmentView): SegmentView {
    const text = this.#pile(unit.index, unit.chosenAlpha).at(-1);
    const machine = unit.variants.find(({ alpha }) => alpha === unit.chosenAlpha)?.text ?? '';
    const correction = text === undefined ? null : { alpha: unit.chosenAlpha, text, createdAt: 0 };
    return { ...unit, correction, text: text ?? machine };
  }

  #pile(index: number, alpha: number): string[] {
    const key = `${index} ${alpha}`;
    const pile = this.#piles.get(key) ?? [];
    this.#piles.set(key, pile);
    return pile;
  }
}
