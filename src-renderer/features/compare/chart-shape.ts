/** Where the points of a small chart lie: one series of values over a number, in a box of its own. */

export interface ChartPoint {
  readonly x: number;
  /** Null where there is none: the line has a gap. */
  readonly y: number | null;
}

export interface ChartBox {
  readonly width: number;
  readonly height: number;
  /** Free room around the points. */
  readonly margin: number;
}

export interface ChartShape {
  /** Data of an SVG path. */
  readonly path: string;
  readonly dots: readonly { readonly x: number; readonly y: number }[];
  /** Smallest and largest value; null where there is none at all. */
  readonly range: readonly [number, number] | null;
}

/**
 * @param points ascending x
 * @param y range to draw in; the one of the values where it is left out
 */
export function chartShape(
  points: readonly ChartPoint[],
  box: ChartBox,
  range = rangeOf(points.flatMap(({ y }) => y ?? [])),
): ChartShape {
  const across = rangeOf(points.map(({ x }) => x));
  if (range === null || across === null) return { path: '', dots: [], range: null };
  const { width, height, margin } = box;
  const place = (value: number, [low, high]: readonly [number, number], length: number) =>
    high === low ? length / 2 : margin + ((value - low) / (high - low)) * (length - 2 * margin);
  const dots: { x: number; y: number }[] = [];
  const steps: string[] = [];
  let pen = 'M';
  for (const { x, y } of points) {
    if (y === null) {
      pen = 'M';
      continue;
    }
    const dot = { x: round(place(x, across, width)), y: round(height - place(y, range, height)) };
    dots.push(dot);
    steps.push(`${pen}${dot.x} ${dot.y}`);
    pen = 'L';
  }
  return { path: steps.join(''), dots, range };
}

function rangeOf(values: readonly number[]): readonly [number, number] | null {
  return values.length === 0 ? null : [Math.min(...values), Math.max(...values)];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
