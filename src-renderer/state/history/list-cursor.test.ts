import { expect, test } from 'vitest';
import { ListCursor } from './list-cursor.svelte.ts';
import { listActionOf } from './list-keys.ts';

const over = (ids: string) => new ListCursor(() => [...ids]);
const selected = (cursor: ListCursor) => [...cursor.selected].toSorted().join('');

test('one row is in the tab order, and steps stay in the list', () => {
  const cursor = over('abc');
  expect(cursor.active).toBe('a');
  cursor.move(1, false);
  expect([cursor.active, cursor.focusWanted]).toEqual(['b', 'b']);
  cursor.move(10, false);
  expect(cursor.active).toBe('c');
  cursor.move('first', false);
  expect(cursor.active).toBe('a');
  expect(over('').active).toBeNull();
});

test('a row that is gone leaves its place to the first', () => {
  let ids = [...'abc'];
  const cursor = new ListCursor(() => ids);
  cursor.focus('b');
  ids = [...'ac'];
  expect(cursor.active).toBe('a');
});

test('Shift selects from where the selection began, and back', () => {
  const cursor = over('abcde');
  cursor.focus('b');
  cursor.move(1, true);
  cursor.move(1, true);
  expect(selected(cursor)).toBe('bcd');
  cursor.move(-1, true);
  expect(selected(cursor)).toBe('bc');
  cursor.move(-1, false);
  expect(selected(cursor)).toBe('');
});

test('clicks open, extend or add', () => {
  const cursor = over('abcde');
  expect(cursor.click('b', { shift: false, ctrl: false })).toBe(true);
  expect(cursor.click('d', { shift: true, ctrl: false })).toBe(false);
  expect(selected(cursor)).toBe('bcd');
  cursor.click('a', { shift: false, ctrl: true });
  expect(selected(cursor)).toBe('abcd');
  cursor.click('c', { shift: false, ctrl: true });
  expect(selected(cursor)).toBe('abd');
  expect(cursor.meant('d')).toEqual(['a', 'b', 'd']);
  expect(cursor.meant('e')).toEqual(['e']);
});

test.each([
  ['b', 'c'],
  ['e', 'd'],
  ['cd', 'e'],
  ['bd', 'e'],
  ['abcde', ''],
])('when %s go, %s takes the focus', (gone, neighbour) => {
  expect(over('abcde').neighbour(new Set(gone))).toBe(neighbour);
});

const press = (key: string, held: object = {}) => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

test('keys of the list, and keys that are not', () => {
  expect(listActionOf(press('ArrowDown', { shiftKey: true }))).toEqual({
    type: 'move',
    step: 1,
    extend: true,
  });
  expect(listActionOf(press('Delete'))).toEqual({ type: 'delete' });
  expect(listActionOf(press('F2'))).toEqual({ type: 'rename' });
  expect(listActionOf(press('Delete', { ctrlKey: true }))).toBeNull();
  expect(listActionOf(press('Enter'))).toBeNull();
});
