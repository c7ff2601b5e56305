/** The keys of the editor and of the player, to be shown. What they do: state/editor-keys.ts. */

import type { Messages } from '../../i18n/messages.ts';

type KeyName = keyof Messages['editor']['keyNames'];

interface ShownKey {
  readonly name: keyof Messages['editor']['keyMap'];
  readonly keys: readonly (KeyName | (string & {}))[];
}

export const EDITOR_KEYS: readonly ShownKey[] = [
  { name: 'next', keys: ['enter'] },
  { name: 'lineBreak', keys: ['shift', 'enter'] },
  { name: 'giveUp', keys: ['escape'] },
  { name: 'undo', keys: ['mod', 'Z'] },
  { name: 'redo', keys: ['mod', 'shift', 'Z'] },
  { name: 'find', keys: ['mod', 'F'] },
  { name: 'findNext', keys: ['F3'] },
];

export const PLAYER_KEYS: readonly ShownKey[] = [
  { name: 'playUnit', keys: ['alt', 'P'] },
  { name: 'toggle', keys: ['alt', 'K'] },
  { name: 'back', keys: ['alt', 'J'] },
  { name: 'forward', keys: ['alt', 'L'] },
  { name: 'slower', keys: ['alt', ','] },
  { name: 'faster', keys: ['alt', '.'] },
];
