/**
 * What keys do in the editor and to the player. Keys of the player need Alt, so that they can be
 * pressed while typing; they go by the place of a key, since Alt writes other letters on a Mac.
 */

/** What a keyboard event says. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  /** Part of composing a character; it belongs to the input method. */
  readonly isComposing: boolean;
}

export type EditorKey = 'find' | 'find-next' | 'find-previous' | 'undo' | 'redo' | 'play-unit';
export type FieldKey = 'next' | 'give-up' | 'up' | 'down';
export type PlayerKey = 'toggle' | 'back' | 'forward' | 'slower' | 'faster';

/** Anywhere in the editor. */
export function editorKeyOf(press: KeyPress): EditorKey | null {
  if (press.isComposing) return null;
  const key = press.key.toLowerCase();
  if (key === 'f3' && !press.altKey) return press.shiftKey ? 'find-previous' : 'find-next';
  if (isAlt(press)) return press.code === 'KeyP' ? 'play-unit' : null;
  if ((!press.ctrlKey && !press.metaKey) || press.altKey) return null;
  if (key === 'z') return press.shiftKey ? 'redo' : 'undo';
  if (key === 'g') return press.shiftKey ? 'find-previous' : 'find-next';
  if (press.shiftKey) return null;
  if (key === 'y') return 'redo';
  return key === 'f' ? 'find' : null;
}

/** In the field of a unit. */
export function fieldKeyOf(press: KeyPress): FieldKey | null {
  if (press.isComposing || press.altKey || press.ctrlKey || press.metaKey || press.shiftKey) {
    return null;
  }
  switch (press.key) {
    case 'Enter':
      return 'next';
    case 'Escape':
      return 'give-up';
    case 'ArrowUp':
      return 'up';
    case 'ArrowDown':
      return 'down';
    default:
      return null;
  }
}

/** Wherever the player is shown. */
export function playerKeyOf(press: KeyPress): PlayerKey | null {
  if (press.isComposing || !isAlt(press)) return null;
  switch (press.code) {
    case 'KeyK':
      return 'toggle';
    case 'KeyJ':
      return 'back';
    case 'KeyL':
      return 'forward';
    case 'Comma':
      return 'slower';
    case 'Period':
      return 'faster';
    default:
      return null;
  }
}

/** Where a key on the waveform goes; null for other keys. Seconds. */
export function seekTarget(
  { key, shiftKey }: Pick<KeyPress, 'key' | 'shiftKey'>,
  time: number,
  duration: number,
): number | null {
  const step = shiftKey ? 10 : 1;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return Math.min(duration, time + step);
    case 'ArrowLeft':
    case 'ArrowDown':
      return Math.max(0, time - step);
    case 'Home':
      return 0;
    case 'End':
      return duration;
    default:
      return null;
  }
}

/** Alt alone: with Ctrl it is AltGr, which writes signs. */
function isAlt({ altKey, ctrlKey, metaKey, shiftKey }: KeyPress): boolean {
  return altKey && !ctrlKey && !metaKey && !shiftKey;
}
