import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jobOf, unitOf } from '../test-data.ts';
import { editorRows, isCorrected, plainPartials, unitAt } from './editor-rows.ts';

const correction = (text: string) => ({ alpha: 0, text, createdAt: 0 });

test('a unit is heard from its start to the start of the next one', () => {
  const starts = fc
    .uniqueArray(fc.nat(100), { minLength: 1 })
    .map((some) => some.sort((a, b) => a - b));
  fc.assert(
    fc.property(starts, fc.integer({ min: -5, max: 110 }), (seconds, time) => {
      const units = seconds.map((start, index) => ({ ...unitOf(index, { 0: '' }), start }));
      const heard = units.findLast(({ start }) => start <= time);
      expect(unitAt(units, time)?.index).toBe(heard?.index);
    }),
  );
});

test('a long silence after a unit marks nothing', () => {
  const units = [{ ...unitOf(0, { 0: 'a' }), start: 2, end: 4 }];
  expect([4.5, 5.5].map((time) => unitAt(units, time)?.index)).toEqual([0, undefined]);
});

test('units of a text are never heard', () => {
  expect(unitAt([unitOf(0, { 0: 'a' }), unitOf(1, { 0: 'b' })], 1)).toBeNull();
});

test('a growing unit stands in its place until it is stored', () => {
  const stored = [unitOf(0, { 0: 'a' }), unitOf(2, { 0: 'c' })];
  const growing = [1, 2, 3].map((index) => ({ index, text: 'so' }));
  const rows = editorRows(stored, growing);
  expect(rows.map(({ index, type }) => [index, type])).toEqual([
    [0, 'unit'],
    [1, 'growing'],
    [2, 'unit'],
    [3, 'growing'],
  ]);
});

test('nothing that is only space is shown as growing', () => {
  expect(editorRows([], [{ index: 0, text: ' ' }])).toEqual([]);
});

test('the plain text grows, of the first job of the run that is shown', () => {
  const whole = jobOf({ settings: { ...jobOf().settings, alphas: [0.1, 0] } });
  const more = jobOf({ runId: whole.runId, work: { kind: 'variants', alphas: [1], units: null } });
  const partial = (index: number) => ({ runId: whole.runId, index, texts: ['bent', 'plain'] });
  const partials = { [whole.id]: partial(4), [more.id]: partial(1) };
  expect(plainPartials(whole.runId, [whole, more], partials)).toEqual([
    { index: 4, text: 'plain' },
  ]);
  expect(plainPartials(crypto.randomUUID(), [whole, more], partials)).toEqual([]);
});

test('a unit whose correction says what the machine said is not called corrected', () => {
  const unit = unitOf(0, { 0: 'plain' });
  expect(isCorrected(unit)).toBe(false);
  expect(isCorrected({ ...unit, text: 'mine', correction: correction('mine') })).toBe(true);
  expect(isCorrected({ ...unit, text: 'plain', correction: correction('plain') })).toBe(false);
});
