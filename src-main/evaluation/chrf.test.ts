import { describe, expect, it } from 'vitest';
import { chrfFromStatistics, chrfStatistics, corpusChrf, sentenceChrf } from './chrf.ts';
import { sumStatistics } from './statistics-sum.ts';
import { sacrebleu } from './test-reference-values.ts';

const plusPlus = { wordOrder: 2 } as const;

describe('chrF', () => {
  it('equals that of sacreBLEU for sentences', () => {
    expect(sacrebleu.sentences.length).toBeGreaterThanOrEqual(60);
    for (const { hypothesis, references, chrf } of sacrebleu.sentences) {
      expect(sentenceChrf(hypothesis, references), hypothesis).toBeCloseTo(chrf, 9);
    }
  });

  it('equals that of sacreBLEU for corpora', () => {
    expect(sacrebleu.corpora.length).toBeGreaterThanOrEqual(60);
    for (const { hypotheses, references, chrf } of sacrebleu.corpora) {
      expect(corpusChrf(hypotheses, references)).toBeCloseTo(chrf, 9);
    }
  });

  it('with words (chrF++) equals that of sacreBLEU', () => {
    for (const { hypothesis, references, chrfPlusPlus } of sacrebleu.sentences) {
      const score = sentenceChrf(hypothesis, references, plusPlus);
      expect(score, hypothesis).toBeCloseTo(chrfPlusPlus, 9);
    }
    for (const { hypotheses, references, chrfPlusPlus } of sacrebleu.corpora) {
      expect(corpusChrf(hypotheses, references, plusPlus)).toBeCloseTo(chrfPlusPlus, 9);
    }
  });

  it('of a corpus comes from the sum of the statistics of its sentences', () => {
    const list = [chrfStatistics('a cat', ['the cat']), chrfStatistics('dogs', ['dog'])];
    const score = chrfFromStatistics(sumStatistics(list, 18));
    expect(score).toBe(corpusChrf(['a cat', 'dogs'], [['the cat'], ['dog']]));
  });

  it('needs a reference for every hypothesis', () => {
    const invalid = expect.objectContaining({ code: 'OPTION_INVALID' });
    expect(() => sentenceChrf('a', [])).toThrow(invalid);
    expect(() => corpusChrf(['a', 'b'], [['a']])).toThrow(invalid);
    expect(() => corpusChrf(['a'], [[]])).toThrow(invalid);
    expect(corpusChrf([], [])).toBe(0);
  });
});
