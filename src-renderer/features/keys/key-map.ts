/**
 * Every key, by where it works, to be shown. What the keys do stands with whoever listens for them:
 * state/compare/compare-keys.ts, state/editor/editor-keys.ts, features/item/item-keys.ts.
 */

import type { Messages } from '../../i18n/messages.ts';
import { ITEM_KEYS } from '../item/item-keys.ts';

/** A key with a name, or the letter or sign on it. `Ctrl` stands for Cmd on a Mac. */
type Key = keyof Messages['words']['keyNames'] | (string & {});

interface KeyEntry {
  readonly does: string;
  /** Any of them does it; those of an inner list are held together. */
  readonly keys: readonly (readonly Key[])[];
}

export interface KeySection {
  readonly title: string;
  readonly entries: readonly KeyEntry[];
}

export function keyMap({ compare, editor, item }: Messages): readonly KeySection[] {
  const { keys } = compare;
  const { keyMap: editing } = editor;
  return [
    {
      title: item.compare,
      entries: [
        { does: keys.next, keys: [['J'], ['↓']] },
        { does: keys.previous, keys: [['K'], ['↑']] },
        { does: keys.play, keys: [['Space']] },
        { does: keys.keepLeft, keys: [['1']] },
        { does: keys.keepRight, keys: [['2']] },
        { does: keys.edit, keys: [['E']] },
        { does: keys.save, keys: [['Ctrl', 'Enter']] },
        { does: keys.giveUp, keys: [['Escape']] },
        { does: keys.undo, keys: [['U']] },
        { does: keys.redo, keys: [['Shift', 'U']] },
        { does: keys.help, keys: [['?']] },
      ],
    },
    {
      title: item.edit,
      entries: [
        { does: editing.next, keys: [['Enter']] },
        { does: editing.lineBreak, keys: [['Shift', 'Enter']] },
        { does: editing.giveUp, keys: [['Escape']] },
        { does: editing.undo, keys: [['Ctrl', 'Z']] },
        { does: editing.redo, keys: [['Ctrl', 'Shift', 'Z']] },
        { does: editing.find, keys: [['Ctrl', 'F']] },
        { does: editing.findNext, keys: [['F3']] },
        { does: editing.playUnit, keys: [['Alt', 'P']] },
        { does: editing.toggle, keys: [['Alt', 'K']] },
        { does: editing.back, keys: [['Alt', 'J']] },
        { does: editing.forward, keys: [['Alt', 'L']] },
        { does: editing.slower, keys: [['Alt', ',']] },
        { does: editing.faster, keys: [['Alt', '.']] },
      ],
    },
    {
      title: item.everywhere,
      entries: ITEM_KEYS.map(({ keys: held, does }) => ({ does: item.keys[does], keys: [held] })),
    },
  ];
}
