import { expect, test } from 'vitest';
import { compareAction, type KeyFocus, type PressedKey } from './compare-keys.ts';

function press(key: string, change: Partial<PressedKey> = {}, focus: KeyFocus = 'unit') {
  const plain = { key, code: '', shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
  return compareAction({ ...plain, repeat: false, ...change }, focus);
}

test.each([
  ['j', 'next'],
  ['ArrowDown', 'next'],
  ['k', 'previous'],
  ['ArrowUp', 'previous'],
  [' ', 'play'],
  ['1', 'keep-left'],
  ['2', 'keep-right'],
  ['e', 'edit'],
  ['u', 'undo'],
  ['?', 'key-map'],
])('%s: %s', (key, action) => expect(press(key)).toBe(action));

test('capital letters of caps lock do the same, and Shift makes undo redo', () => {
  expect([press('J'), press('U', { shiftKey: true })]).toEqual(['next', 'redo']);
});

test('nothing is taken from whoever types, nor from shortcuts of the system', () => {
  expect(press('j', {}, 'typing')).toBeNull();
  for (const held of ['ctrlKey', 'metaKey', 'altKey'])
    expect(press('e', { [held]: true })).toBeNull();
});

test('Space and the arrow keys belong to a control that has the focus, letters do not', () => {
  expect([press(' ', {}, 'control'), press('ArrowDown', {}, 'control')]).toEqual([null, null]);
  expect(press('j', {}, 'control')).toBe('next');
});

test('a key held down moves on but never decides', () => {
  const held = { repeat: true };
  expect([press('j', held), press('2', held), press('e', held), press('1', held)]).toEqual([
    'next',
    null,
    null,
    null,
  ]);
});

test('letters work by their place on keyboards of another script', () => {
  expect(press('о', { code: 'KeyJ' })).toBe('next');
  // A Latin layout is taken by its letters: this J lies where an English keyboard has C.
  expect(press('j', { code: 'KeyC' })).toBe('next');
});
