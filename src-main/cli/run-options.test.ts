import { describe, expect, it } from 'vitest';
import { parseAlphas } from './run-options.ts';

describe('parseAlphas', () => {
  it('reads numbers in the order given, each once', () => {
    expect(parseAlphas('0.1, 0,-2e-3 ,0.1')).toEqual([0.1, 0, -2e-3]);
  });

  it.each(['', ' ', ',', '0,', 'a', '0.1.2', 'nan', 'NaN', 'Infinity', '-inf', '1e400', '1e39'])(
    'refuses %j, quoting the part that is wrong',
    (text) => {
      expect(() => parseAlphas(text)).toThrow(
        expect.objectContaining({
          code: 'ALPHA_NOT_FINITE',
          message: expect.stringMatching(/".*"/),
        }),
      );
    },
  );

  it('refuses more values than the engine takes', () => {
    const list = (count: number) => Array.from({ length: count }, (_, i) => i / 100).join();
    expect(parseAlphas(list(64))).toHaveLength(64);
    expect(() => parseAlphas(list(65))).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});
