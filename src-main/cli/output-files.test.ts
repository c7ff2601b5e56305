import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutputFolder } from './output-files.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'veer-output-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('OutputFolder', () => {
  it('makes the folders on the way and leaves nothing but the file', async () => {
    const folder = await OutputFolder.open(join(root, 'a', 'b'), []);
    expect(readdirSync(join(root, 'a', 'b'))).toEqual([]);
    const path = await folder.write('x/talk.final.wav', '.txt', 'words');
    expect(path).toBe(join(root, 'a', 'b', 'talk.final.txt'));
    expect(readFileSync(path, 'utf8')).toBe('words');
    expect(readdirSync(join(root, 'a', 'b'))).toEqual(['talk.final.txt']);
  });

  it('replaces the result of an earlier run as a whole', async () => {
    for (const text of ['a long first text', 'second']) {
      const folder = await OutputFolder.open(root, []);
      expect(readFileSync(await folder.write('a.wav', '.txt', text), 'utf8')).toBe(text);
    }
    expect(readdirSync(root)).toEqual(['a.txt']);
  });

  it('gives names of their own to files that differ in case or spelling only', async () => {
    const folder = await OutputFolder.open(root, []);
    const names = ['Talk.wav', 'talk.wav', 'caf\u00e9.wav', 'cafe\u0301.wav', 'Talk.mp3'];
    const written = await Promise.all(names.map((name) => folder.write(name, '.txt', name)));
    const keys = written.map((path) => basename(path).normalize('NFC').toLowerCase());
    expect(new Set(keys).size).toBe(names.length);
  });

  it('never takes the place of an input, nor of a link to one', async () => {
    mkdirSync(join(root, 'in'));
    const input = join(root, 'in', 'a.txt');
    writeFileSync(input, 'precious');
    const link = join(root, 'b.txt');
    symlinkSync(input, link);
    symlinkSync(join(root, 'in'), join(root, 'out'), 'junction');
    const through = await OutputFolder.open(join(root, 'out'), [input]);
    expect(await through.write('a.wav', '.txt', 'new')).toBe(join(root, 'out', 'a (2).txt'));
    const beside = await OutputFolder.open(root, [link]);
    expect(await beside.write('b.wav', '.txt', 'new')).toBe(join(root, 'b (2).txt'));
    expect(readFileSync(input, 'utf8')).toBe('precious');
  });

  it('shortens names to what file systems take, whole characters at a time', async () => {
    const folder = await OutputFolder.open(root, []);
    const path = await folder.write(`${'😀'.repeat(80)}.wav`, '.compare.json', '');
    expect(Buffer.byteLength(basename(path))).toBeLessThanOrEqual(255);
    expect(basename(path)).toMatch(/^(😀)+\.compare\.json$/u);
  });

  it('leaves no temporary file where the result cannot take its place', async () => {
    const folder = await OutputFolder.open(root, []);
    mkdirSync(join(root, 'a.txt'));
    await expect(folder.write('a.wav', '.txt', 'words')).rejects.toMatchObject({
      code: 'OUTPUT_NOT_WRITABLE',
    });
    expect(readdirSync(root)).toEqual(['a.txt']);
  });

  it('refuses what is no folder', async () => {
    writeFileSync(join(root, 'file'), '');
    for (const place of ['file', 'file/below', 'file/far/below']) {
      await expect(OutputFolder.open(join(root, place), [])).rejects.toMatchObject({
        code: 'OUTPUT_NOT_WRITABLE',
      });
    }
    expect(existsSync(join(root, 'file'))).toBe(true);
  });
});
