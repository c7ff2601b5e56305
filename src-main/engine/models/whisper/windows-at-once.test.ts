import { expect, test } from 'vitest';
import { windowsAtOnce } from './windows-at-once.ts';

test.each([
  ['tiny', 384, 4, 4],
  ['base', 512, 6, 4],
  ['small', 768, 12, 1],
  ['large', 1280, 32, 1],
])('a batch of the sizes of Whisper-%s', (_, size, layers, windows) => {
  const sizes = { d_model: size, max_source_positions: 1500, decoder_layers: layers };
  expect(windowsAtOnce(sizes)).toBe(windows);
});
