/** Changes of many units at once, and that every one of them can be taken back. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SegmentView, UnitChange } from '../contract/history.ts';
import type { History } from './history.ts';
import { addItem, testHistory } from './test-history.ts';
import { makeSegment } from './test-history-data.ts';

fc.configureGlobal({ seed: 1 });

/** Three units: with plain output, without it, and with a single version. */
const UNITS = [
  { 0: 'plain', 0.05: 'nudged', 0.1: 'far' },
  { 0.1: 'far', 0.05: 'nudged' },
  { 0: 'only' },
];

type Wish =
  | { readonly type: 'choose'; readonly index: number; readonly version: number }
  | { readonly type: 'reset'; readonly index: number }
  | { readonly type: 'correct' | 'take back'; readonly index: number; readonly text: string };

const index = fc.nat(UNITS.length - 1);
/** Few texts, so that a text is often corrected to what it is already. */
const text = fc.constantFrom('first', 'second', '');
const wishes = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant('choose' as const), index, version: fc.nat(2) }),
    fc.record({ type: fc.constant('reset' as const), index }),
    fc.record({ type: fc.constant('correct' as const), index, text }),
    fc.record({ type: fc.constant('take back' as const), index, text }),
  ),
  { maxLength: 30, size: 'max' },
);

/** What a screen asks for: it corrects the version that is the text. */
function changeFor(wish: Wish, { variants, chosenAlpha: alpha }: SegmentView): UnitChange {
  const { index } = wish;
  switch (wish.type) {
    case 'choose':
      return { type: 'choose', index, alpha: variants[wish.version % variants.length]?.alpha ?? 0 };
    case 'reset':
      return { type: 'choose', index, alpha: null };
    case 'correct':
      return { type: 'correct', index, alpha, text: wish.text };
    case 'take back':
      return { type: 'correct', index, alpha, text: null };
  }
}

/** What takes it back, from the unit as it was before. */
function inverse(change: UnitChange, before: SegmentView): UnitChange[] {
  const { index, chosenAlpha, reviewed, correction } = before;
  const choice: UnitChange = { type: 'choose', index, alpha: reviewed ? chosenAlpha : null };
  if (change.type === 'choose' || change.text === (correction?.text ?? null)) return [choice];
  return [{ ...change, text: change.text === null ? (correction?.text ?? null) : null }, choice];
}

function fresh(history: History): string {
  const { id, runId } = addItem(history);
  UNITS.forEach((texts, index) => {
    history.jobs.commitSegment(id, makeSegment(index, texts), { done: index, total: null });
  });
  return runId;
}

const everything = (history: History, runId: string) => history.segments(runId, 0, 10);

test('changes that are taken back in reverse leave every unit as it was', async () => {
  const history = await testHistory();
  fc.assert(
    fc.property(wishes, (list) => {
      const runId = fresh(history);
      const views = [everything(history, runId)];
      const undo: UnitChange[][] = [];
      for (const wish of list) {
        const before = everything(history, runId)[wish.index];
        if (before === undefined) throw new Error('no such unit');
        const change = changeFor(wish, before);
        undo.push(inverse(change, before));
        history.change(runId, [change]);
        views.push(everything(history, runId));
      }
      for (const [i, changes] of [...undo.entries()].reverse()) {
        history.change(runId, changes);
        expect(everything(history, runId)).toEqual(views[i]);
      }
    }),
    { numRuns: 60 },
  );
});

test('many changes at once are the same as one after the other', async () => {
  const history = await testHistory();
  fc.assert(
    fc.property(
      wishes.filter((list) => list.length > 0),
      (list) => {
        const [single, together] = [fresh(history), fresh(history)];
        const changes = list.flatMap((wish) => {
          const before = everything(history, single)[wish.index];
          if (before === undefined) throw new Error('no such unit');
          const change = changeFor(wish, before);
          history.change(single, [change]);
          return [change];
        });
        const named = new Set(changes.map(({ index }) => index));
        const after = everything(history, single);
        expect(history.change(together, changes)).toEqual(
          after.filter(({ index }) => named.has(index)),
        );
        expect(everything(history, together)).toEqual(after);
      },
    ),
    { numRuns: 60 },
  );
});
