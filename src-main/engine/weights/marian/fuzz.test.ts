import { describe, expect, it } from 'vitest';
import { readMutations } from '../test-mutations.ts';
import { openMarianBinary, openMarianNpz } from './open-marian.ts';
import { binaryBytes, npzBytes, parameters, settings } from './test-marian-files.ts';

const items = parameters('rnn');
const yml = settings('rnn');

describe("damaged files of Marian's", () => {
  it.each([
    ['binary', 2000, binaryBytes(items, yml, true), openMarianBinary],
    ['stored .npz', 1900, npzBytes(items, yml, false), openMarianNpz],
    ['deflated .npz', 100, npzBytes(items, yml, true), openMarianNpz],
  ] as const)('give a named error or a table: %s', async (_, count, original, open) => {
    const read = await readMutations(original, open, count);
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(count);
  });
});
