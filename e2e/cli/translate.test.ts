/** What `veer translate` writes. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { resultSchema } from '../../src-main/contract/result.ts';
import { sentenceChrf } from '../../src-main/evaluation/chrf.ts';
import { SAMPLES_DIRECTORY } from '../dev-inputs.ts';
import { CLI, TestFolder, veer } from './test-veer.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());
const letter = join(SAMPLES_DIRECTORY, 'letter.en.txt');

describe('translate', () => {
  it('reads standard input and writes nothing but the translation', async () => {
    const outcome = await veer(['translate', '-'], { input: 'I do not know.' });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toMatch(/^\S.*\n$/);
  });

  it('names standard input where it is empty', async () => {
    const outcome = await veer(['translate', '-'], { input: '' });
    expect(outcome.stderr).toMatch(/standard input.*\[FILE_EMPTY\]/);
    expect(outcome.code).toBe(1);
  });

  it('keeps paragraphs, line ends and what is no text', async () => {
    const input = '\r\n  Hello.\r\n\r\n- I do not know.\r\n* * *\r\n\tThank you.\r\n\r\n';
    const outcome = await veer(['translate', '-'], { input });
    const word = (line: string) => line.replace(/\p{L}[^\r\n]*/u, 'X');
    expect(outcome.stdout.split('\n').map(word)).toEqual(input.split('\n').map(word));
  });

  it('keeps the paragraphs of a letter', async () => {
    const outcome = await veer(['translate', letter]);
    const source = readFileSync(letter, 'utf8').split('\n\n');
    const paragraphs = outcome.stdout.split('\n\n');
    expect(paragraphs).toHaveLength(source.length);
    for (const paragraph of paragraphs) expect(paragraph).toMatch(/^\S/);
  });

  it('writes the language asked for, and says in the result from which one', async () => {
    const out = join(folder.path, 'english');
    const german = join(SAMPLES_DIRECTORY, 'letter.de.txt');
    const args = ['translate', german, '--language', 'en', '--out', out];
    const [text, json] = await Promise.all([veer(args), veer([...args, '--format', 'json'])]);
    expect([text.code, json.code]).toEqual([0, 0]);
    expect(folder.list('english')).toEqual(['letter.de.en.json', 'letter.de.en.txt']);
    const result = resultSchema.parse(
      JSON.parse(readFileSync(join(out, 'letter.de.en.json'), 'utf8')),
    );
    expect(result).toMatchObject({ sourceLanguage: 'de', language: 'en' });
    const other = await veer(['translate', letter, '--format', 'json']);
    const first = resultSchema.parse(JSON.parse(other.stdout));
    expect(first).toMatchObject({ sourceLanguage: 'en', language: 'de' });
  });

  it('chooses an α for every sentence by how like the texts are, and writes what was chosen', async () => {
    const input = 'I want to learn how to cook. She has promised to help me! * It rains.\n***\n';
    const args = ['translate', '-', '--alpha', 'auto'];
    const [text, json] = await Promise.all([
      veer(args, { input }),
      veer([...args, '--format', 'json'], { input }),
    ]);
    expect([text.code, text.stderr, json.code]).toEqual([0, '', 0]);
    const { alphas, segments } = resultSchema.parse(JSON.parse(json.stdout));
    expect(alphas).toHaveLength(4);
    for (const { variants, chosenAlpha, source } of segments) {
      if (source === '***') {
        expect(chosenAlpha).toBeUndefined();
        continue;
      }
      const likeness = (one: string) =>
        variants.reduce((sum, other) => sum + sentenceChrf(one, [other.text]), 0);
      const best = variants.find(({ alpha }) => alpha === chosenAlpha);
      const most = Math.max(...variants.map((variant) => likeness(variant.text)));
      expect(likeness(best?.text ?? '')).toBeCloseTo(most, 6);
      expect(text.stdout).toContain(best?.text);
    }
  });

  it('translates an identical sentence once', async () => {
    const sentence = 'I want to learn how to cook, and she has promised to help me. ';
    const json = async (input: string) => {
      const outcome = await veer(['translate', '-', '--format', 'json'], { input });
      return resultSchema.parse(JSON.parse(outcome.stdout));
    };
    const once = await json(sentence);
    const often = await json(sentence.repeat(200));
    expect(often.segments).toHaveLength(200);
    const variants = often.segments.map((segment) => segment.variants);
    expect(variants).toEqual(Array.from({ length: 200 }, () => once.segments[0]?.variants));
    // 200 decodes would take far more than ten times as long as one.
    expect(often.timings.decode).toBeLessThan(10 * once.timings.decode + 100);
  });

  it('writes one output per α', async () => {
    const file = folder.write('note.txt', 'Hello.\n\nThank you for your letter.\n');
    const args = [
      'translate',
      file,
      '--alpha',
      '0,0.1,-0.5,0.1',
      '--out',
      join(folder.path, 'out'),
    ];
    const [written, printed] = await Promise.all([veer(args), veer(args.slice(0, 4))]);
    expect(written.code).toBe(0);
    const names = ['note.de.alpha--0.5.txt', 'note.de.alpha-0.1.txt', 'note.de.alpha-0.txt'];
    expect(folder.list('out')).toEqual(names);
    expect(printed.stdout).toMatch(
      /^== α = 0\n.+\n\n.+\n== α = 0\.1\n.+\n\n.+\n== α = -0\.5\n.+\n\n.+\n$/,
    );
    const plain = readFileSync(join(folder.path, 'out', 'note.de.alpha-0.txt'), 'utf8');
    expect(printed.stdout.startsWith(`== α = 0\n${plain}==`)).toBe(true);
  });

  it('names the search in the result, and gives as many outputs as are asked for', async () => {
    const json = async (...args: readonly string[]) => {
      const outcome = await veer(['translate', '-', '--format', 'json', ...args], {
        input: 'I do not know.',
      });
      return resultSchema.parse(JSON.parse(outcome.stdout));
    };
    const [plain, beams, sampled] = await Promise.all([
      json(),
      json('--beams', '3', '--return-sequences', '3', '--no-repeat-ngram-size', '2'),
      json('--temperature', '0.8', '--seed', '7'),
    ]);
    expect(plain.search).toMatchObject({ strategy: 'greedy', noRepeatNgramSize: null });
    expect(plain.segments[0]?.variants[0]).not.toHaveProperty('alternatives');
    expect(beams.search).toMatchObject({ strategy: 'beam', beams: 3, noRepeatNgramSize: 2 });
    expect(beams.segments[0]?.variants[0]?.alternatives).toHaveLength(2);
    expect(sampled.search).toMatchObject({ strategy: 'sample', temperature: 0.8, seed: 7 });
  });

  it('prints JSON of several files without headings between', async () => {
    const outcome = await veer(['translate', letter, letter, '--format', 'json']);
    const parts = outcome.stdout.split(/^(?=\{)/m).map((part) => JSON.parse(part));
    expect(parts.map((part) => resultSchema.parse(part).source.path)).toEqual([letter, letter]);
  });

  it('shows no escape codes and no progress in a pipe', async () => {
    const outcome = await veer(['compare', letter, '--alpha', '0,0.1']);
    expect(`${outcome.stdout}${outcome.stderr}`).not.toMatch(/\p{Cc}(?<!\n)|░/u);
    expect(outcome.stderr).toBe('');
  });

  it.runIf(process.platform === 'linux')('says that the disk is full', () => {
    const full = '"$0" "$1" translate "$2" > /dev/full';
    const args = ['-c', full, process.execPath, CLI, letter];
    const outcome = spawnSync('sh', args, { encoding: 'utf8' });
    expect(outcome.stderr).toMatch(/ENOSPC.*\[OUTPUT_NOT_WRITABLE\]/);
    expect(outcome.status).toBe(1);
  });
});
