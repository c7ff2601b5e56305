import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { VeerError } from '../../contract/errors.ts';
import { type TestEntry, zipOf } from './test-zip.ts';
import { unpackArchive } from './unpack-archive.ts';

const signal = new AbortController().signal;
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'veer-unpack-'));
  mkdirSync(join(root, 'out'));
});
afterEach(() => rmSync(root, { recursive: true }));

function unpack(
  bytes: Uint8Array,
  onProgress = (_done: number, _total: number) => {},
): Promise<void> {
  writeFileSync(join(root, 'model.zip'), bytes);
  return unpackArchive(join(root, 'model.zip'), join(root, 'out'), { signal, onProgress });
}

test('files are unpacked where they belong, and progress ends at the whole', async () => {
  const reports: number[][] = [];
  const entries = [
    { name: 'top/', content: '', mode: 0o040755 },
    { name: 'top/config.json', content: '{}' },
    { name: 'top/onnx/a.onnx', content: 'graph' },
  ];
  await unpack(zipOf(entries), (done, total) => reports.push([done, total]));
  expect(readFileSync(join(root, 'out/top/onnx/a.onnx'), 'utf8')).toBe('graph');
  expect(readdirSync(join(root, 'out/top')).sort()).toEqual(['config.json', 'onnx']);
  expect(reports[0]).toEqual([0, 7]);
  expect(reports.at(-1)).toEqual([7, 7]);
});

test.each<readonly [string, readonly TestEntry[], string]>([
  ['a path out of the folder', [{ name: '../evil', content: 'x' }], 'MODEL_FILE_DAMAGED'],
  ['a path from the root', [{ name: '/evil', content: 'x' }], 'MODEL_FILE_DAMAGED'],
  ['a back slash', [{ name: '..\\evil', content: 'x' }], 'MODEL_FILE_DAMAGED'],
  ['a link', [{ name: 'a', content: '/etc/passwd', mode: 0o120777 }], 'MODEL_FILE_DAMAGED'],
  [
    'a name twice',
    [
      { name: 'a', content: 'x' },
      { name: 'A', content: 'y' },
    ],
    'MODEL_FILE_DAMAGED',
  ],
  [
    'an encrypted entry',
    [{ name: 'a', content: 'twelve bytes and more', flags: 1 }],
    'MODEL_FORMAT_UNSUPPORTED',
  ],
  [
    'a size that nothing has',
    [{ name: 'a', content: 'x', declaredSize: 0xfffffff0 }],
    'MODEL_FILE_DAMAGED',
  ],
])('%s is refused, and nothing is written beside the folder', async (_, entries, code) => {
  await expect(unpack(zipOf(entries))).rejects.toMatchObject({ code });
  expect(readdirSync(root).sort()).toEqual(['model.zip', 'out']);
  expect(existsSync(join(root, 'evil'))).toBe(false);
});

test.each(['../evil', '/evil', '..\\evil'])('the refusal of an archive names %s', async (path) => {
  const refused = unpack(zipOf([{ name: path, content: 'x' }]));
  await expect(refused).rejects.toThrow(`it names ${path}, outside of its folder`);
});

test('whatever is changed in an archive, it is unpacked or refused by name', async () => {
  const whole = zipOf([
    { name: 'config.json', content: '{"model_type": "whisper"}' },
    { name: 'onnx/a.onnx', content: 'graph' },
  ]);
  const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255), cut: fc.nat(40) });
  await fc.assert(
    fc.asyncProperty(change, async ({ at, byte, cut }) => {
      const bytes = Buffer.from(whole);
      bytes[at] = byte;
      rmSync(join(root, 'out'), { recursive: true });
      mkdirSync(join(root, 'out'));
      try {
        await unpack(cut < 10 ? bytes.subarray(0, bytes.length - cut) : bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(VeerError);
      }
      expect(readdirSync(root).sort()).toEqual(['model.zip', 'out']);
    }),
    { numRuns: 150 },
  );
});
