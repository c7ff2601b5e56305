import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCtranslate2Vocabulary } from './vocabulary.ts';

const folder = mkdtempSync(join(tmpdir(), 'veer-vocabulary-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('readCtranslate2Vocabulary', () => {
  it.each([
    ['vocabulary.json', '["a", "\\u2581b", ""]', ['a', '▁b', '']],
    ['vocabulary.txt', 'a\n▁b\n\nc\n', ['a', '▁b', '', 'c']],
    ['without a line feed at its end.txt', 'a\nb', ['a', 'b']],
    ['from Windows.txt', 'a\r\nb\r\n', ['a', 'b']],
    ['with a token that ends with a carriage return.txt', 'a\nb\r\n', ['a', 'b\r']],
  ])('reads %s', async (name, content, tokens) => {
    expect(await readCtranslate2Vocabulary(written(name, content))).toEqual(tokens);
  });

  it.each([
    ['no list', 'v.json', '{"a": 0}'],
    ['a number for a token', 'v.json', '["a", 1]'],
    ['a broken list', 'v.json', '["a"'],
    ['no tokens', 'v.json', '[]'],
    ['an empty file', 'v.txt', ''],
    ['other bytes than UTF-8', 'v.txt', Buffer.of(0x61, 0xff)],
  ])('refuses %s', async (_, name, content) => {
    await expect(readCtranslate2Vocabulary(written(name, content))).rejects.toMatchObject({
      code: 'MODEL_FILE_DAMAGED',
    });
  });

  it('says that there is no such file', async () => {
    await expect(
      readCtranslate2Vocabulary(join(tmpdir(), 'no-vocabulary.txt')),
    ).rejects.toMatchObject({
      code: 'MODEL_FILE_MISSING',
    });
  });
});
