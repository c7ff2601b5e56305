/** The plots of docs/results.md: gain against α on dev, one for each model. */

import { linePlot, type Series } from '../line-plot.ts';
import type { Results, SubjectResults } from './results-file.ts';

/** @returns pairs of file name and SVG */
export function plotsOf({ subjects }: Results): readonly (readonly [string, string])[] {
  return subjects.map((subject) => [plotName(subject), sweepPlot(subject)]);
}

export function plotName({ model }: SubjectResults): string {
  return `alpha-${model}.svg`;
}

/** Much longer steps ruin every text, and would flatten the rest of the plot. */
const MOST = 3;

function sweepPlot({ model, metric, alpha, dev }: SubjectResults): string {
  const line = (
    name: string,
    colour: string,
    points: SubjectResults['dev']['shifted'],
    pick: 'gradient' | 'flipped' | 'random',
    dashes?: string,
  ): Series => ({
    name,
    colour,
    ...(dashes && { dashes }),
    points: [
      { x: 0, y: 0 },
      ...points.flatMap((point) => {
        const gain = point[pick];
        if (gain === null || point.alpha > MOST * alpha) return [];
        const interval = pick === 'gradient' ? { interval: [gain[1], gain[2]] as const } : {};
        return [{ x: point.alpha, y: gain[0], ...interval }];
      }),
    ],
  });
  return linePlot({
    title: `${model}, dev`,
    xTitle: 'step size α',
    yTitle: metric === 'wer' ? 'WER points gained' : 'chrF points gained',
    series: [
      line('gradient, shifted', '#1b6ac9', dev.shifted, 'gradient'),
      line('random, shifted', '#888888', dev.shifted, 'random', '5 4'),
      line('wrong sign, shifted', '#c2410c', dev.shifted, 'flipped', '2 3'),
      line('gradient, in-domain', '#15803d', dev.inDomain, 'gradient'),
    ],
  });
}
