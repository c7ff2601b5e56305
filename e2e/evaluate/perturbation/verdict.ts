/** What the numbers say, in words that are computed from them. */

import type { Cell, Gain, SubjectResults } from './results-file.ts';

/** Where an interval lies. */
function side([, low, high]: Gain): 'better' | 'worse' | 'open' {
  if (low > 0) return 'better';
  return high < 0 ? 'worse' : 'open';
}

export function verdict(subjects: readonly SubjectResults[]): string {
  const cells = (domain: Cell['domain']) =>
    subjects.flatMap(({ test }) =>
      test.cells.filter((cell) => cell.domain === domain && cell.condition === 'all'),
    );
  const shifted = cells('shifted');
  const inDomain = cells('in-domain');
  const count = (list: readonly Cell[], holds: (cell: Cell) => boolean) =>
    `${list.filter(holds).length} of ${list.length}`;
  const above = (gain: Gain | null) => gain !== null && side(gain) === 'better';
  const lines = [
    `Shifted: a gain with an interval above zero in ${count(shifted, ({ gain }) => above(gain))} cells (model and search), a loss in ${count(shifted, ({ gain }) => side(gain) === 'worse')}.`,
    `Better than random directions of the same length in ${count(shifted, ({ overRandom }) => above(overRandom))}, than the wrong sign in ${count(shifted, ({ overFlipped }) => above(overFlipped))}.`,
    `In-domain: a loss in ${count(inDomain, ({ gain }) => side(gain) === 'worse')}, a gain in ${count(inDomain, ({ gain }) => above(gain))}.`,
    ...subjects.map(wordsOf),
  ];
  return lines.map((line) => `- ${line}`).join('\n');
}

function wordsOf({ model, metric, alpha, test }: SubjectResults): string {
  const greedy = test.cells.find(
    ({ domain, condition, search }) =>
      domain === 'shifted' && condition === 'all' && search === 'greedy',
  );
  if (greedy === undefined) return `${model}: not measured.`;
  const [points] = greedy.gain;
  const shown = side(greedy.gain) === 'open' ? 'no effect shown' : side(greedy.gain);
  const relative =
    metric === 'wer' ? ` (${((100 * points) / greedy.plain).toFixed(1)} % of the errors)` : '';
  return `${model}, shifted, greedy, α ${alpha}: ${shown}; ${points.toFixed(2)} points${relative}.`;
}
