/** What the numbers say, in words that are computed from them. */

import { signed } from './gain-cell.ts';
import type { Cell, Gain, SubjectResults } from './results-file.ts';

/** Where an interval lies. */
function side([, low, high]: Gain): 'better' | 'worse' | 'open' {
  if (low > 0) return 'better';
  return high < 0 ? 'worse' : 'open';
}

/** What is claimed of all cells together, and then every model. */
export function verdict(subjects: readonly SubjectResults[]): string {
  return [...claims(subjects), ...subjects.map(wordsOf)].map((line) => `- ${line}`).join('\n');
}

export function claims(subjects: readonly SubjectResults[]): readonly string[] {
  const cells = (domain: Cell['domain']) =>
    subjects.flatMap(({ test }) =>
      test.cells.filter((cell) => cell.domain === domain && cell.condition === 'all'),
    );
  const shifted = cells('shifted');
  const inDomain = cells('in-domain');
  const count = (list: readonly Cell[], holds: (cell: Cell) => boolean) =>
    `${list.filter(holds).length} of ${list.length}`;
  const above = (gain: Gain | null) => gain !== null && side(gain) === 'better';
  const gains = count(shifted, ({ gain }) => above(gain));
  return [
    `Shifted: a gain with an interval above zero in ${gains} cells of model and search (goal: 12 of 16), a loss in ${count(shifted, ({ gain }) => side(gain) === 'worse')}.`,
    `Better than random directions of the same length in ${count(shifted, ({ overRandom }) => above(overRandom))}, than the wrong sign in ${count(shifted, ({ overFlipped }) => above(overFlipped))} (goal: all).`,
    `In-domain: a loss in ${count(inDomain, ({ gain }) => side(gain) === 'worse')} (goal: none), a gain in ${count(inDomain, ({ gain }) => above(gain))}.`,
  ];
}

function wordsOf({ model, metric, alpha, test }: SubjectResults): string {
  const cells = test.cells.filter(
    ({ domain, condition }) => domain === 'shifted' && condition === 'all',
  );
  const ranks = test.correlations.find(
    ({ domain, condition }) => domain === 'shifted' && condition === 'all',
  );
  const points = cells.map(({ gain, plain, search }) => {
    const [centre] = gain;
    const relative = metric === 'wer' ? ` (${((100 * centre) / plain).toFixed(1)} %)` : '';
    const shown = side(gain) === 'open' ? ', not shown' : '';
    return `${search} ${signed(centre)}${relative}${shown}`;
  });
  const unit = metric === 'wer' ? 'WER points (of the errors; goal 5 %)' : 'points of chrF';
  return `\`${model}\`, shifted, α ${alpha}, ${unit}: ${points.join('; ')}. Spearman of the prediction ${ranks?.spearman?.toFixed(3) ?? 'not defined'} (goal 0.5).`;
}
