import { expect, test } from 'vitest';
import { StrengthChoices } from './strength-choices.svelte.ts';

test('nothing set leaves all to the program, and plain output is the text', () => {
  expect(new StrengthChoices().settings).toEqual({ alphas: null, choice: 'plain' });
});

test('what is typed is used with the plain version among it', () => {
  const strengths = new StrengthChoices();
  strengths.typed = '0,1';
  strengths.automatic = true;
  expect(strengths.settings).toEqual({ alphas: [0, 0.1], choice: 'automatic' });
});

test('what is wrong cannot be used', () => {
  const strengths = new StrengthChoices();
  strengths.typed = 'much';
  expect(strengths.settings).toBeNull();
});

test('what the program chose it chooses again, and what a person typed stays', () => {
  const strengths = new StrengthChoices();
  strengths.adopt({ alphas: [0, 0.6, 0.3, 1.2], choice: 'automatic' }, [0, 0.6, 0.3, 1.2]);
  expect(strengths.settings).toEqual({ alphas: null, choice: 'automatic' });
  strengths.adopt({ alphas: [0, 0.5], choice: 'plain' }, [0, 0.6]);
  expect(strengths.settings).toEqual({ alphas: [0, 0.5], choice: 'plain' });
});
