/** Files that cannot be done: named, with a way out, without harm to the files beside them. */

import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wavBytes } from '../../src-main/engine/audio/test-files.ts';
import { AUDIO, errorCodes, type Outcome, TestFolder, UTTERANCE, veer } from './test-veer.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());

/** Every message ends with what to do. */
const ADVICE = /(Check|Choose|Copy|Record|Save|Convert|Give)[^[]*\. \[[A-Z0-9_]+\]$/i;

describe('transcribe', () => {
  const bad = {
    'missing.wav': 'FILE_NOT_FOUND',
    'missing/at-all.wav': 'FILE_NOT_FOUND',
    folder: 'FILE_IS_DIRECTORY',
    'empty.wav': 'FILE_EMPTY',
    'text.wav': 'MEDIA_UNRECOGNISED',
    'zeros.mp3': 'MEDIA_UNRECOGNISED',
    'cut.mp3': 'MEDIA_TRUNCATED',
    'cut.flac': 'MEDIA_TRUNCATED',
    'no-sound.mp4': 'AUDIO_STREAM_MISSING',
    'header.wav': 'AUDIO_EMPTY',
    'promise.wav': 'MEDIA_TRUNCATED',
    '-': 'FILE_NOT_FOUND',
  };
  let outcome: Outcome;

  beforeAll(async () => {
    mkdirSync(join(folder.path, 'folder'));
    folder.write('empty.wav', '');
    folder.write('text.wav', 'These are words, not sounds.\n'.repeat(50));
    folder.write('zeros.mp3', new Uint8Array(5000));
    const half = (name: string) => {
      const bytes = readFileSync(join(AUDIO, name));
      return bytes.subarray(0, bytes.length / 2);
    };
    folder.write('cut.mp3', half('tone-20-cover.mp3'));
    folder.write('cut.flac', half('tone-20.flac'));
    copyFileSync(join(AUDIO, 'no-sound.mp4'), join(folder.path, 'no-sound.mp4'));
    folder.write('header.wav', wavBytes([]));
    folder.write('promise.wav', wavBytes([], { declaredBytes: 32_000 }));
    copyFileSync(UTTERANCE, join(folder.path, 'good.opus'));
    const files = Object.keys(bad);
    // The good file stands in the middle: neither the failures before nor those after touch it.
    const all = [...files.slice(0, 5), 'good.opus', ...files.slice(5), ''];
    outcome = await veer(['transcribe', '--out', 'out', ...all], { cwd: folder.path });
  });

  it.each(Object.entries(bad))('%s fails as %s', (file, code) => {
    expect(errorCodes(outcome.stderr)[file]).toBe(code);
  });

  it('says what to do in every message', () => {
    const messages = outcome.stderr.split('\n').filter((line) => line.startsWith('veer: '));
    expect(messages).toHaveLength(Object.keys(bad).length + 1);
    for (const message of messages) expect(message).toMatch(ADVICE);
  });

  it('does the good file and leaves nothing of the others', () => {
    expect(folder.list('out')).toEqual(['good.txt']);
    expect(readFileSync(join(folder.path, 'out', 'good.txt'), 'utf8')).toMatch(/^\p{L}.*\n$/u);
    expect(outcome.stdout).toBe('');
  });

  it('ends with exit code 1', () => {
    expect(outcome.code).toBe(1);
  });
});

describe('translate', () => {
  const bad = {
    'missing.txt': 'FILE_NOT_FOUND',
    folder: 'FILE_IS_DIRECTORY',
    'empty.txt': 'FILE_EMPTY',
    'blank.txt': 'FILE_EMPTY',
    'latin-1.txt': 'TEXT_NOT_UTF8',
    'nul.txt': 'TEXT_NOT_UTF8',
    'sound.wav': 'TEXT_NOT_UTF8',
  };
  let outcome: Outcome;

  beforeAll(async () => {
    folder.write('empty.txt', '');
    folder.write('blank.txt', ' \n\t\n');
    folder.write('latin-1.txt', Buffer.from('Sch\xf6ne Gr\xfc\xdfe.\n', 'latin1'));
    folder.write('nul.txt', 'a\0b');
    copyFileSync(join(AUDIO, 'tone-10-s16.wav'), join(folder.path, 'sound.wav'));
    folder.write('good.txt', 'I do not know.\n');
    const files = Object.keys(bad);
    const all = [...files.slice(0, 4), 'good.txt', ...files.slice(4), ''];
    outcome = await veer(['translate', ...all], { cwd: folder.path });
  });

  it.each(Object.entries(bad))('%s fails as %s', (file, code) => {
    expect(errorCodes(outcome.stderr)[file]).toBe(code);
  });

  it('says what to do in every message', () => {
    const messages = outcome.stderr.split('\n').filter((line) => line.startsWith('veer: '));
    expect(messages).toHaveLength(Object.keys(bad).length + 1);
    for (const message of messages) expect(message).toMatch(ADVICE);
  });

  it('prints the good file and ends with exit code 1', () => {
    expect(outcome.stdout).toMatch(/^== good\.txt\n\S.*\n$/);
    expect(outcome.code).toBe(1);
  });
});
