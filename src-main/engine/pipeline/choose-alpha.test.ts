import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseAlpha, likenessOf } from './choose-alpha.ts';

const candidates = (...texts: readonly (readonly [alpha: number, text: string])[]) =>
  texts.map(([alpha, text]) => ({ alpha, text }));

test('the text that most of the others are like is chosen', () => {
  const written = candidates(
    [0, 'Then a frog came by.'],
    [0.2, 'The dog ran away.'],
    [0.1, 'the dog ran away'],
    [0.4, 'A cat sat down.'],
  );
  expect(chooseAlpha(written, likenessOf('transcribe'))).toBe(0.2);
  expect(chooseAlpha(written, likenessOf('translate'))).toBe(0.2);
});

test('where all texts are equal, or all unlike, it is the first', () => {
  const same = candidates([0, 'one'], [0.2, 'one'], [0.1, 'one']);
  expect(chooseAlpha(same, likenessOf('translate'))).toBe(0);
  const unlike = candidates([0, 'ten'], [0.2, 'two'], [0.1, 'six']);
  expect(chooseAlpha(unlike, likenessOf('transcribe'))).toBe(0);
});

test('no other text is more like the rest', () => {
  const text = fc.constantFrom('one two', 'one too', 'won two', '');
  const list = fc.uniqueArray(fc.record({ alpha: fc.nat(40), text }), {
    selector: ({ alpha }) => alpha,
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(list, fc.constantFrom('transcribe', 'translate'), (written, task) => {
      const likeness = likenessOf(task);
      const toOthers = ({ alpha, text: own }: { readonly alpha: number; readonly text: string }) =>
        written
          .filter((other) => other.alpha !== alpha)
          .reduce((sum, other) => sum + likeness(own, other.text), 0);
      const chosen = written.find(({ alpha }) => alpha === chooseAlpha(written, likeness));
      expect(chosen).toBeDefined();
      if (chosen === undefined) return;
      expect(toOthers(chosen)).toBeGreaterThanOrEqual(Math.max(...written.map(toOthers)) - 1e-6);
    }),
  );
});
