import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeText, readTextFile, readTextStream } from './plain-text.ts';

fc.configureGlobal({ seed: 1 });

const withCode = (code: string, message = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

describe('decoding', () => {
  it('reads UTF-8 and keeps its line ends', () => {
    expect(decodeText(Buffer.from('Grüße\r\n你好\n'), 'a.txt')).toEqual({
      text: 'Grüße\r\n你好\n',
      encoding: 'utf-8',
      byteOrderMark: false,
    });
  });

  it('drops one byte order mark and remembers it', () => {
    expect(decodeText(Buffer.from('\ufeff\ufeffa'), 'a.txt')).toEqual({
      text: '\ufeffa',
      encoding: 'utf-8',
      byteOrderMark: true,
    });
  });

  it('reads UTF-16 of both byte orders where a mark says so', () => {
    const little = Buffer.from('\ufeffhä😀', 'utf16le');
    const expected = { text: 'hä😀', byteOrderMark: true };
    expect(decodeText(little, 'a')).toEqual({ ...expected, encoding: 'utf-16le' });
    const big = Buffer.from(little).swap16();
    expect(decodeText(big, 'a')).toEqual({ ...expected, encoding: 'utf-16be' });
  });

  it('names the line of the first byte that is not UTF-8 and says what to do', () => {
    const latin1 = Buffer.from('gut\nGr\u00fc\u00dfe\n', 'latin1');
    expect(() => decodeText(latin1, 'notes.txt')).toThrow(
      withCode('TEXT_NOT_UTF8', 'notes.txt is not valid UTF-8 text (first wrong byte in line 2)'),
    );
    expect(() => decodeText(latin1, 'notes.txt')).toThrow('Save it as UTF-8');
  });

  it('refuses half a UTF-16 character and NUL characters', () => {
    expect(() => decodeText(Buffer.from([0xff, 0xfe, 0x41]), 'a')).toThrow(
      withCode('TEXT_NOT_UTF8', 'UTF-16LE'),
    );
    expect(() => decodeText(Buffer.from('a\0b'), 'a')).toThrow(withCode('TEXT_NOT_UTF8', 'NUL'));
  });

  it('refuses text without anything to translate', () => {
    for (const blank of ['', '\ufeff', ' \r\n\t']) {
      expect(() => decodeText(Buffer.from(blank), 'a')).toThrow(withCode('FILE_EMPTY'));
    }
  });

  it('gives back every text that was written as UTF-8', () => {
    const texts = fc
      .string({ unit: 'binary', minLength: 1 })
      .map((text) => `x${text.toWellFormed().replaceAll('\0', '')}`);
    fc.assert(
      fc.property(texts, (text) => {
        expect(decodeText(Buffer.from(text), 'a').text).toBe(text);
      }),
    );
  });
});

describe('reading', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'veer-text-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('reads a file', async () => {
    const path = join(folder, 'a.txt');
    await writeFile(path, 'one\ntwo');
    expect((await readTextFile(path)).text).toBe('one\ntwo');
  });

  it('names a missing file and a folder', async () => {
    await expect(readTextFile(join(folder, 'none.txt'))).rejects.toThrow(
      withCode('FILE_NOT_FOUND', 'none.txt'),
    );
    await expect(readTextFile(folder)).rejects.toThrow(withCode('FILE_IS_DIRECTORY', folder));
  });

  it('names a file that cannot be read for another reason', async () => {
    await expect(readTextFile(join(folder, 'a\0b'))).rejects.toThrow(withCode('FILE_UNREADABLE'));
  });

  it('reads a stream whose chunks end inside a character', async () => {
    const bytes = Buffer.from('Grüße');
    const stream = Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]);
    expect((await readTextStream(stream, '-')).text).toBe('Grüße');
  });

  it('reports a stream that fails', async () => {
    const failing = new Readable({
      read() {
        this.destroy(new Error('pipe broke'));
      },
    });
    await expect(readTextStream(failing, 'standard input')).rejects.toThrow(
      withCode('FILE_UNREADABLE', 'pipe broke'),
    );
  });
});
