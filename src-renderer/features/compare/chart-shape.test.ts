import { expect, test } from 'vitest';
import { chartShape } from './chart-shape.ts';

const BOX = { width: 100, height: 50, margin: 10 };

test('the smallest value lies at the bottom, the largest at the top, x from edge to edge', () => {
  const points = [
    { x: 0, y: 1 },
    { x: 0.1, y: 3 },
    { x: 0.2, y: 2 },
  ];
  expect(chartShape(points, BOX)).toEqual({
    path: 'M10 40L50 10L90 25',
    dots: [
      { x: 10, y: 40 },
      { x: 50, y: 10 },
      { x: 90, y: 25 },
    ],
    range: [1, 3],
  });
});

test('what is not known is a gap in the line', () => {
  const points = [
    { x: 0, y: 0 },
    { x: 1, y: null },
    { x: 2, y: 0 },
    { x: 3, y: 1 },
  ];
  expect(chartShape(points, BOX).path).toMatch(/^M[\d. ]+M[\d. ]+L[\d. ]+$/);
});

test('one value lies in the middle, and none gives nothing to draw', () => {
  expect(chartShape([{ x: 0, y: 7 }], BOX).dots).toEqual([{ x: 50, y: 25 }]);
  expect(chartShape([{ x: 0, y: null }], BOX)).toEqual({ path: '', dots: [], range: null });
});
