import { describe, expect, it } from 'vitest';
import {
  bleuFromStatistics,
  bleuStatistics,
  corpusBleu,
  sentenceBleu,
  tokenise13a,
} from './bleu.ts';
import { sacrebleu } from './test-reference-values.ts';

describe('BLEU', () => {
  it('parts text into the tokens of 13a', () => {
    for (const { hypothesis, tokens } of sacrebleu.sentences) {
      expect(tokenise13a(hypothesis).join(' ')).toBe(tokens);
    }
  });

  it('has the counts of sacreBLEU', () => {
    for (const reference of sacrebleu.sentences) {
      expect(bleuStatistics(reference.hypothesis, reference.references)).toEqual([
        reference.hypothesisLength,
        reference.referenceLength,
        ...reference.correct,
        ...reference.total,
      ]);
    }
  });

  it('equals that of sacreBLEU for one sentence and for corpora', () => {
    expect(sacrebleu.sentences.length).toBeGreaterThanOrEqual(60);
    for (const { hypothesis, references, bleu, sentenceBleu: effective } of sacrebleu.sentences) {
      expect(sentenceBleu(hypothesis, references), hypothesis).toBeCloseTo(effective, 9);
      const score = bleuFromStatistics(bleuStatistics(hypothesis, references));
      expect(score, hypothesis).toBeCloseTo(bleu, 9);
    }
    expect(sacrebleu.corpora.length).toBeGreaterThanOrEqual(60);
    for (const { hypotheses, references, bleu } of sacrebleu.corpora) {
      expect(corpusBleu(hypotheses, references)).toBeCloseTo(bleu, 9);
    }
  });

  it('needs a reference for every hypothesis', () => {
    const invalid = expect.objectContaining({ code: 'OPTION_INVALID' });
    expect(() => corpusBleu(['a'], [])).toThrow(invalid);
    expect(() => corpusBleu(['a'], [[]])).toThrow(invalid);
    expect(corpusBleu([], [])).toBe(0);
  });
});
