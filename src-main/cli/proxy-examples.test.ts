import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readExamples } from './proxy-examples.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'veer-tables-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function table(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const text = (source: string, references: readonly string[], score: number | null = null) => ({
  source: { type: 'text', text: source },
  references,
  score,
});

describe('a table', () => {
  test('without a heading has the source, then its references', async () => {
    const path = table('pairs.tsv', 'Hello.\tHallo.\tGuten Tag.\n\nYes.\tJa.\n');
    expect(await readExamples(path, 'translate')).toEqual([
      text('Hello.', ['Hallo.', 'Guten Tag.']),
      text('Yes.', ['Ja.']),
    ]);
  });

  test('with a heading has columns in any order, some twice', async () => {
    const path = table('pairs.csv', 'score,reference,source,Reference\n0.5,"a, b",x,c\n,d,y,\n');
    expect(await readExamples(path, 'translate')).toEqual([
      text('x', ['a, b', 'c'], 0.5),
      text('y', ['d']),
    ]);
  });

  test('of JSON lines has one object per example', async () => {
    const lines = [
      { source: 'x', reference: 'a' },
      { source: 'y', references: ['b', 'c'], score: 2 },
    ];
    const path = table('pairs.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'));
    expect(await readExamples(path, 'translate')).toEqual([
      text('x', ['a']),
      text('y', ['b', 'c'], 2),
    ]);
  });

  test('names recordings from its own folder', async () => {
    const path = table('speech.tsv', 'audio\treference\nin/one.wav\tone\n');
    expect(await readExamples(path, 'transcribe')).toEqual([
      {
        source: { type: 'audio', path: join(folder, 'in', 'one.wav') },
        references: ['one'],
        score: null,
      },
    ]);
  });

  test.each([
    ['a.tsv', 'source\tlabel\nx\ty', /line 1 .*column "label"/],
    ['a.tsv', 'source\tscore\nx\tgood', /line 2 .*score "good"/],
    ['a.tsv', 'audio\treference\nx.wav\ty', /line 2 .*audio, but the model needs source/],
    ['a.csv', 'source,reference\n,y', /line 2 .*no audio or source/],
    ['a.jsonl', '{"source":"x"}\n{"text":"y"}', /line 2 .*no JSON object/],
    ['a.xlsx', 'x', /no table that can be read/],
    ['a.tsv', 'source\treference\n', /no examples/],
  ])('%s that cannot be used is refused with its line: %j', async (name, content, message) => {
    await expect(readExamples(table(name, content), 'translate')).rejects.toThrow(message);
  });
});

describe('a folder of pairs', () => {
  test('has recordings with texts of the same name', async () => {
    table('b.wav', 'sound');
    table('b.txt', 'what is said\n');
    table('a.wav', 'sound without a text');
    table('notes.txt', 'a text without sound');
    expect(await readExamples(folder, 'transcribe')).toEqual([
      {
        source: { type: 'audio', path: join(folder, 'b.wav') },
        references: ['what is said'],
        score: null,
      },
    ]);
  });

  test('without pairs, or for a translator, is refused', async () => {
    await expect(readExamples(folder, 'transcribe')).rejects.toThrow(/no pairs/);
    await expect(readExamples(folder, 'translate')).rejects.toThrow(/give a table/);
    mkdirSync(join(folder, 'x'));
    const missing = readExamples(join(folder, 'nothing.tsv'), 'translate');
    await expect(missing).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});
