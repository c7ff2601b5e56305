/** `veer compare`: plain and perturbed output side by side. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultSchema } from '../../src-main/contract/result.ts';
import { SAMPLES_DIRECTORY, TRANSLATOR, TRANSLATORS } from '../dev-inputs.ts';
import { ModelCopy } from './test-model-copies.ts';
import { type Outcome, TestFolder, veer } from './test-veer.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());
const letter = join(SAMPLES_DIRECTORY, 'letter.en.txt');
const noisy = join(SAMPLES_DIRECTORY, 'noisy-digits.en.opus');
const ALPHAS = ['--alpha', '0,0.25,0.5'];

describe('the report of a text', () => {
  let outcome: Outcome;
  let units: readonly string[];

  beforeAll(async () => {
    outcome = await veer(['compare', letter, '--alpha', '0,0.5']);
    units = outcome.stdout.split('\n\n').slice(1, -1);
  });

  it('starts with the file, how much differs, the model and the proxy', () => {
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const [file, count, model, proxy] = outcome.stdout.split('\n');
    expect(file).toBe(`== ${letter}`);
    const differing = units.filter((unit) => !unit.includes('(same)')).length;
    expect(differing).toBeGreaterThan(0);
    expect(count).toBe(`${differing} of ${units.length} sentences differ`);
    expect(model).toBe(`model ${TRANSLATORS[0]} (fp32) on cpu, en → de`);
    expect(proxy).toMatch(/^proxy chrf-attention: predicts chrf .*not measured on this text$/);
  });

  it('gives each sentence its predicted score and gradient norm', () => {
    units.forEach((unit, i) => {
      const heading = /^\[(\d+)\] “.+” {2}predicted chrf -?\d+\.\d, ‖g‖ \d+(\.\d+)?$/;
      expect(unit.split('\n')[0]?.match(heading)?.[1]).toBe(String(i + 1));
    });
  });

  it('shows plain and perturbed text in columns of the same place', () => {
    for (const unit of units) {
      const [, titles = '', ...rows] = unit.split('\n');
      expect(titles).toMatch(/^α = 0 +│ α = 0\.5( \(same\))?$/);
      for (const row of rows.filter((line) => line.includes('│'))) {
        expect(row.indexOf('│')).toBe(titles.indexOf('│'));
      }
      for (const row of rows) expect([...row].length).toBeLessThanOrEqual(100);
    }
  });

  it('marks what changed and nothing where nothing did', () => {
    for (const unit of units) {
      const marks = /\[-\S|\{\+\S/.test(unit);
      expect(marks).toBe(!unit.includes('(same)'));
    }
    expect(outcome.stdout).toMatch(/\[-[^\]]+-\]\{\+[^}]+\+\}/);
  });

  it('ends with the time of every stage', () => {
    expect(outcome.stdout).toMatch(
      /\nms: read \d+, features \d+, encode \d+, proxy \d+, decode \d+, total \d+ \(load \d+\)\n$/,
    );
  });
});

describe('compare', () => {
  it('takes sound and text in one command, sound with its times and speed', async () => {
    const outcome = await veer(['compare', noisy, letter, '--alpha', '0,0.1']);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toMatch(/^\d of \d windows differ$/m);
    expect(outcome.stdout).toMatch(/^\[1\] 0\.0–\d\.\d s {2}predicted wer -?\d\.\d{3}, ‖g‖ \d/m);
    expect(outcome.stdout).toMatch(/real-time factor \d+\.\d{3}$/m);
    expect(outcome.stdout).toMatch(/^\d+ of \d+ sentences differ$/m);
  });

  it('writes JSON with a variant per α and the score of the plain output', async () => {
    const outcome = await veer(['compare', letter, ...ALPHAS, '--format', 'json']);
    const result = resultSchema.parse(JSON.parse(outcome.stdout));
    expect(result.alphas).toEqual([0, 0.25, 0.5]);
    for (const segment of result.segments) {
      expect(segment.variants.map((variant) => variant.alpha)).toEqual([0, 0.25, 0.5]);
      expect(segment.predictedScore).toEqual(expect.any(Number));
      expect(segment.gradientNorm).toBeGreaterThan(0);
    }
  });

  it('takes the α that the proxy suggests where none is given', async () => {
    const model = new ModelCopy(TRANSLATOR, join(folder.path, 'suggesting'));
    model.changeJson('proxies/chrf-attention/proxy.json', ({ encoders }) => {
      (encoders as { fp32: { suggestedAlpha: number } }).fp32.suggestedAlpha = 0.07;
    });
    const outcome = await veer(['compare', letter, '--model', model.path, '--out', folder.path]);
    const file = join(folder.path, 'letter.en.compare.txt');
    expect(outcome).toEqual({ code: 0, stdout: '', stderr: `${file}\n` });
    expect(readFileSync(file, 'utf8')).toMatch(/^α = 0 +│ α = 0\.07/m);
  });

  it('says why there is only plain output', async () => {
    const bare = new ModelCopy(TRANSLATOR, join(folder.path, 'bare'));
    bare.remove('proxies');
    const outcome = await veer(['compare', letter, '--model', bare.path]);
    expect(outcome.stderr).toBe('veer: plain output only. bare has no proxy.\n');
    expect(outcome.code).toBe(0);
  });
});
