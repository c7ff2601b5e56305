import { expect, test } from 'vitest';
import { parseAlpha } from './free-alpha.ts';

test.each([
  ['0.05', 0.05],
  [' 0,07 ', 0.07],
  ['-0.1', -0.1],
  ['−0.1', -0.1],
  ['-0', 0],
  ['1e-3', 0.001],
])('%s is taken', (text, alpha) => expect(parseAlpha(text)).toEqual({ alpha }));

test.each(['', 'x', '1e39', 'Infinity', 'NaN', '0.05 0.1'])(
  '“%s” is refused and quoted',
  (text) => {
    const typed = parseAlpha(text);
    expect(typed).toMatchObject({ problem: { code: 'ALPHA_NOT_FINITE' } });
    expect(JSON.stringify(typed)).toContain(`\\"${text}\\"`);
  },
);
