import { expect, test } from 'vitest';
import { editorKeyOf, fieldKeyOf, type KeyPress, playerKeyOf, seekTarget } from './editor-keys.ts';

function press(key: string, change: Partial<KeyPress> = {}): KeyPress {
  const none = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };
  return { key, code: `Key${key.toUpperCase()}`, ...none, isComposing: false, ...change };
}

const ctrl = { ctrlKey: true };
const alt = { altKey: true };

test('undo and redo have the keys of every system', () => {
  expect(editorKeyOf(press('z', ctrl))).toBe('undo');
  expect(editorKeyOf(press('z', { metaKey: true }))).toBe('undo');
  expect(editorKeyOf(press('Z', { ...ctrl, shiftKey: true }))).toBe('redo');
  expect(editorKeyOf(press('y', ctrl))).toBe('redo');
});

test('finding has its keys', () => {
  expect(editorKeyOf(press('f', ctrl))).toBe('find');
  expect(editorKeyOf(press('F3'))).toBe('find-next');
  expect(editorKeyOf(press('F3', { shiftKey: true }))).toBe('find-previous');
  expect(editorKeyOf(press('G', { ...ctrl, shiftKey: true }))).toBe('find-previous');
});

test('the player is reached by place of the key, whatever Alt writes', () => {
  expect(editorKeyOf(press('π', { ...alt, code: 'KeyP' }))).toBe('play-unit');
  expect(playerKeyOf(press('º', { ...alt, code: 'KeyJ' }))).toBe('back');
  expect(playerKeyOf(press('≥', { ...alt, code: 'Period' }))).toBe('faster');
});

test('nothing that writes is taken from the person who types', () => {
  for (const key of ['a', 'j', 'k', 'p', 'z', 'f', ' ', ',', '.', '?', '1']) {
    const typed = press(key);
    expect([editorKeyOf(typed), fieldKeyOf(typed), playerKeyOf(typed)]).toEqual([null, null, null]);
  }
  // AltGr is Ctrl and Alt together.
  expect(playerKeyOf(press('j', { ...alt, ...ctrl }))).toBeNull();
  expect(editorKeyOf(press('p', { ...alt, ...ctrl }))).toBeNull();
});

test('Enter goes on, but makes a line break with Shift, and ends a composed character', () => {
  expect(fieldKeyOf(press('Enter'))).toBe('next');
  expect(fieldKeyOf(press('Enter', { shiftKey: true }))).toBeNull();
  expect(fieldKeyOf(press('Enter', { isComposing: true }))).toBeNull();
  expect(fieldKeyOf(press('Escape'))).toBe('give-up');
});

test('the waveform moves by one second, by ten with Shift, and to its ends', () => {
  expect(seekTarget(press('ArrowRight'), 5, 60)).toBe(6);
  expect(seekTarget(press('ArrowLeft', { shiftKey: true }), 5, 60)).toBe(0);
  expect(seekTarget(press('ArrowRight', { shiftKey: true }), 55, 60)).toBe(60);
  expect([seekTarget(press('Home'), 5, 60), seekTarget(press('End'), 5, 60)]).toEqual([0, 60]);
  expect(seekTarget(press('a'), 5, 60)).toBeNull();
});
