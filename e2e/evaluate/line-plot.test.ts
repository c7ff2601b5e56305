import { expect, test } from 'vitest';
import { linePlot } from './line-plot.ts';

const plot = (y: number) =>
  linePlot({
    title: 'gain & loss <dev>',
    xTitle: 'α',
    yTitle: 'points',
    series: [
      {
        name: 'gradient',
        colour: '#123456',
        points: [
          { x: 0, y: 0 },
          { x: 0.5, y, interval: [y - 1, y + 1] },
        ],
      },
    ],
  });

/** Pixels of the second point. */
function secondPoint(svg: string): readonly [number, number] {
  const [, x, y] = /<polyline points="[^ ]+ ([\d.]+),([\d.]+)"/.exec(svg) ?? [];
  return [Number(x), Number(y)];
}

test('a gain is above the line of zero, a loss below it', () => {
  const [, zero] = /<line x1="64" y1="([\d.]+)"[^>]*#555/.exec(plot(2)) ?? [];
  expect(secondPoint(plot(2))[1]).toBeLessThan(Number(zero));
  const [, lower] = /<line x1="64" y1="([\d.]+)"[^>]*#555/.exec(plot(-2)) ?? [];
  expect(secondPoint(plot(-2))[1]).toBeGreaterThan(Number(lower));
});

test('points and their intervals lie inside the frame', () => {
  for (const y of [-30, 0, 0.01, 12]) {
    const svg = plot(y);
    for (const [, value] of svg.matchAll(/ (?:y1|y2|cy)="([^"]+)"/g)) {
      expect(Number(value)).toBeGreaterThanOrEqual(40);
      expect(Number(value)).toBeLessThanOrEqual(312);
    }
  }
});

test('text is escaped', () => {
  expect(plot(1)).toContain('<title>gain &amp; loss &lt;dev&gt;</title>');
});
