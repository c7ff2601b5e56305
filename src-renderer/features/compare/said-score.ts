/** Scores in words: WER as a percentage, chrF as its points. */

export function saidScore(score: number, metric: 'wer' | 'chrf', locale: string): string {
  return score.toLocaleString(locale, {
    style: metric === 'wer' ? 'percent' : 'decimal',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
}
