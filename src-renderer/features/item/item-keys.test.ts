import { expect, test } from 'vitest';
import { english } from '../../i18n/en/english.ts';
import { ITEM_KEYS, itemKeyOf } from './item-keys.ts';

const HELD = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };

test.each(ITEM_KEYS)('$keys does what the key map says', ({ keys, does }) => {
  const key = keys.at(-1) ?? '';
  const press = {
    ...HELD,
    key,
    code: /^\d$/.test(key) ? `Digit${key}` : `Key${key}`,
    shiftKey: keys.includes('Shift'),
    ctrlKey: keys.includes('Ctrl'),
    altKey: keys.includes('Alt'),
  };
  expect(itemKeyOf(press)).toBe(does);
  expect(english.item.keys[does]).toBeTruthy();
});

test('keys that write, and those of the system, are left alone', () => {
  const press = (change: object) => ({ ...HELD, key: '1', code: 'Digit1', ...change });
  expect(itemKeyOf(press({}))).toBeNull();
  expect(itemKeyOf(press({ altKey: true, ctrlKey: true }))).toBeNull();
  expect(itemKeyOf(press({ key: 's', code: 'KeyS' }))).toBeNull();
  expect(itemKeyOf(press({ key: 'S', code: 'KeyS', metaKey: true }))).toBe('export');
});
