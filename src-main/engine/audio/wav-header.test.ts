import { expect, test } from 'vitest';
import { wavBytes } from './test-files.ts';
import { declaredWavSeconds } from './wav-header.ts';

const FILE_SIZE = 1e6;

test('the declared length is that of the data chunk', () => {
  const stereo = { channels: 2, samplingRate: 48_000, declaredBytes: 480_000 };
  expect(declaredWavSeconds(wavBytes([], stereo), FILE_SIZE)).toBe(2.5);
});

test('the byte rate of compressed sound is not believed', () => {
  const head = wavBytes([], { declaredBytes: 32_000 });
  head.writeUInt32LE(11_100, 28);
  expect(declaredWavSeconds(head, FILE_SIZE)).toBeNull();
});

test('chunks before the data are skipped, odd ones with their padding byte', () => {
  const plain = wavBytes([], { declaredBytes: 32_000 });
  const list = Buffer.from('LIST\x05\0\0\0abcde\0', 'latin1');
  const withList = Buffer.concat([plain.subarray(0, 36), list, plain.subarray(36)]);
  expect(declaredWavSeconds(withList, FILE_SIZE)).toBe(1);
});

test('the 64-bit length of an RF64 file is read', () => {
  const plain = wavBytes([], { declaredBytes: 0xffff_ffff });
  const ds64 = Buffer.alloc(36);
  ds64.write('ds64', 0, 'latin1');
  ds64.writeUInt32LE(28, 4);
  ds64.writeBigUInt64LE(320_000_000_000n, 16);
  const rf64 = Buffer.concat([plain.subarray(0, 12), ds64, plain.subarray(12)]);
  rf64.write('RF64', 0, 'latin1');
  expect(declaredWavSeconds(rf64, FILE_SIZE)).toBe(1e7);
});

test.each([0, 0x7fff_f000, 0xffff_ffff])('%d in a small file is a placeholder', (declaredBytes) => {
  expect(declaredWavSeconds(wavBytes([], { declaredBytes }), FILE_SIZE)).toBeNull();
});

test('a file of more than 2 GB may well say so', () => {
  const head = wavBytes([], { declaredBytes: 3_200_000_000 });
  expect(declaredWavSeconds(head, 3_200_000_044)).toBe(100_000);
});

test.each([
  ['another format', Buffer.from('OggS plus something that is longer than a header')],
  ['an empty file', Buffer.alloc(0)],
  ['a header without data', wavBytes([]).subarray(0, 36)],
  ['a header without a format', Buffer.from('RIFF\0\0\0\0WAVEdata\x10\0\0\0', 'latin1')],
])('%s declares nothing', (_, head) => {
  expect(declaredWavSeconds(head, FILE_SIZE)).toBeNull();
});
