/** What a key does while versions are compared. */

export type CompareAction =
  | 'next'
  | 'previous'
  | 'play'
  | 'keep-left'
  | 'keep-right'
  | 'edit'
  | 'undo'
  | 'redo'
  | 'key-map';

export interface PressedKey {
  readonly key: string;
  /** Place on the keyboard, for scripts whose letters are others. */
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly repeat: boolean;
}

/**
 * What has the focus: `typing` a field, a list of choices or anything in a dialog or a menu;
 * `control` something that Space or the arrow keys work; `unit` a unit or nothing at all.
 */
export type KeyFocus = 'typing' | 'control' | 'unit';

const LETTERS: Readonly<Record<string, CompareAction>> = {
  j: 'next',
  k: 'previous',
  '1': 'keep-left',
  '2': 'keep-right',
  e: 'edit',
  '?': 'key-map',
};
const ON_UNITS: Readonly<Record<string, CompareAction>> = {
  ArrowDown: 'next',
  ArrowUp: 'previous',
  ' ': 'play',
};
/** A key that is held down may move on, but must not decide unit after unit. */
const REPEATABLE: ReadonlySet<CompareAction> = new Set(['next', 'previous', 'undo', 'redo']);

/** Null where the key is not ours. */
export function compareAction(pressed: PressedKey, focus: KeyFocus): CompareAction | null {
  if (focus === 'typing' || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null;
  const key = latinKey(pressed);
  const action =
    key === 'u'
      ? pressed.shiftKey
        ? 'redo'
        : 'undo'
      : (LETTERS[key] ?? (focus === 'unit' ? ON_UNITS[key] : undefined) ?? null);
  return action !== null && pressed.repeat && !REPEATABLE.has(action) ? null : action;
}

/** The letter where it is Latin, else the one that an English keyboard has in that place. */
function latinKey({ key, code }: PressedKey): string {
  if (key.length !== 1) return key;
  const foreign = key > '\u007f' && /^Key[A-Z]$/.test(code);
  return (foreign ? code.slice(3) : key).toLowerCase();
}
