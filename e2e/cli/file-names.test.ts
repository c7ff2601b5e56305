/** Names that trip programs up, and outputs that must never destroy anything. */

import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultSchema } from '../../src-main/contract/result.ts';
import { type Outcome, TestFolder, UTTERANCE, veer } from './test-veer.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());
const inFolder = (name: string) => join(folder.path, name);

/** Windows forbids quotes, stars and question marks in names. */
const ODD = [
  'with some spaces',
  'Übergröße ñ 日本語',
  'smile 😀👩‍👩‍👧',
  "it's",
  '-x',
  '--out',
  '%d %03d',
  '100%',
  '{a,b}[c]',
  '$HOME;#&!',
  '.hidden',
  'two.dots.here',
  'n'.repeat(200),
  'ü'.repeat(100),
  ...(process.platform === 'win32' ? [] : ['say "hi" *?', 'back\\slash', 'file:x', 'line\nfeed']),
];

describe.each([
  ['transcribe', 'opus', ''],
  ['translate', 'txt', '.de'],
])('%s', (task, extension, language) => {
  const names = ODD.map((name) => `${name}.${extension}`);
  const out = `${task}-out`;
  let outcome: Outcome;

  beforeAll(async () => {
    for (const name of names) {
      if (task === 'transcribe') copyFileSync(UTTERANCE, inFolder(name));
      else writeFileSync(inFolder(name), 'Hello.\n');
    }
    const args = [task, '--format', 'json', '--out', out, '--', ...names];
    outcome = await veer(args, { cwd: folder.path });
  });

  it('does every file, whatever its name', () => {
    expect(outcome).toMatchObject({ code: 0, stdout: '' });
    expect(folder.list(out)).toEqual(ODD.map((name) => `${name}${language}.json`).sort());
  });

  it('writes whole results that know the name of their file', () => {
    const paths = folder.list(out).map((name) => {
      const json = readFileSync(join(folder.path, out, name), 'utf8');
      return resultSchema.parse(JSON.parse(json)).source.path;
    });
    expect(paths.sort()).toEqual(names.toSorted());
  });

  it('names each output on a line of its own', () => {
    expect(outcome.stderr.trimEnd().split('\n')).toHaveLength(names.length);
  });
});

describe('outputs', () => {
  it('of files with the same name do not replace each other', async () => {
    const texts = ['Hello.', 'Thank you.', 'I do not know.'];
    const files = texts.map((text, i) => folder.write(`place ${i}/note.txt`, text));
    const out = inFolder('same');
    const outcome = await veer(['translate', ...files, '--format', 'json', '--out', out]);
    expect(outcome.code).toBe(0);
    const sources = folder.list('same').map((name) => {
      const json = readFileSync(join(out, name), 'utf8');
      return resultSchema.parse(JSON.parse(json)).segments[0]?.source;
    });
    expect(sources.sort()).toEqual(texts.toSorted());
  });

  it('never replace an input, not even one that is reached by a link', async () => {
    mkdirSync(inFolder('real'));
    // A recording with the ending .txt: its transcript would have its very name.
    copyFileSync(UTTERANCE, inFolder('real/voice.txt'));
    copyFileSync(UTTERANCE, inFolder('real/other.opus'));
    symlinkSync(inFolder('real'), inFolder('link'), 'junction');
    const before = readFileSync(UTTERANCE);
    const direct = await veer([
      'transcribe',
      inFolder('real/voice.txt'),
      '--out',
      inFolder('real'),
    ]);
    const linked = await veer([
      'transcribe',
      inFolder('real/voice.txt'),
      '--out',
      inFolder('link'),
    ]);
    expect([direct.code, linked.code]).toEqual([0, 0]);
    expect(readFileSync(inFolder('real/voice.txt')).equals(before)).toBe(true);
    expect(folder.list('real')).toEqual(['other.opus', 'voice (2).txt', 'voice.txt']);
  });

  it('fail as a whole where their name is taken by a folder', async () => {
    const file = folder.write('taken/page.txt', 'Hello.\n');
    mkdirSync(inFolder('taken/out/page.de.txt'), { recursive: true });
    const outcome = await veer(['translate', file, '--out', inFolder('taken/out')]);
    expect(outcome.stderr).toContain('[OUTPUT_NOT_WRITABLE]');
    expect(outcome.code).toBe(1);
    expect(folder.list('taken/out')).toEqual(['page.de.txt']);
  });
});
