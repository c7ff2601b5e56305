/** A line plot as SVG: for pages that are read where no script runs. */

export interface Series {
  readonly name: string;
  readonly colour: string;
  /** Drawn as "4 3": dashes and gaps in pixels. Left out: a full line. */
  readonly dashes?: string;
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    /** Ends of an interval, drawn as a bar. */
    readonly interval?: readonly [number, number];
  }[];
}

export interface LinePlot {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly series: readonly Series[];
}

const WIDTH = 640;
const HEIGHT = 360;
const MARGIN = { left: 64, right: 176, top: 40, bottom: 48 };
const TICKS = 6;

/** Zero is always inside, with a line of its own: gains are read against it. */
export function linePlot({ title, xTitle, yTitle, series }: LinePlot): string {
  const points = series.flatMap((one) => one.points);
  const xs = ticks([0, ...points.map(({ x }) => x)]);
  const ys = ticks([0, ...points.flatMap(({ y, interval }) => [y, ...(interval ?? [])])]);
  const x = scale(xs, MARGIN.left, WIDTH - MARGIN.right);
  const y = scale(ys, HEIGHT - MARGIN.bottom, MARGIN.top);
  const [left, right] = [MARGIN.left, WIDTH - MARGIN.right];
  const grid = [
    ...ys.map((value) => {
      const at = y(value);
      const colour = value === 0 ? '#555' : '#ddd';
      return `<line x1="${left}" y1="${at}" x2="${right}" y2="${at}" stroke="${colour}"/>${text(left - 8, at + 4, label(value), 'end')}`;
    }),
    ...xs.map((value) => text(x(value), HEIGHT - MARGIN.bottom + 18, label(value), 'middle')),
  ];
  const lines = series.map(({ name, colour, dashes, points: own }, i) => {
    const dash = dashes === undefined ? '' : ` stroke-dasharray="${dashes}"`;
    const path = own.map((point) => `${x(point.x)},${y(point.y)}`).join(' ');
    const bars = own.flatMap(({ x: at, interval }) =>
      interval === undefined
        ? []
        : [
            `<line x1="${x(at)}" y1="${y(interval[0])}" x2="${x(at)}" y2="${y(interval[1])}" stroke="${colour}"/>`,
          ],
    );
    const dots = own.map(
      (point) => `<circle cx="${x(point.x)}" cy="${y(point.y)}" r="3" fill="${colour}"/>`,
    );
    const row = MARGIN.top + 12 + 22 * i;
    return [
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>`,
      ...bars,
      ...dots,
      `<line x1="${right + 16}" y1="${row}" x2="${right + 44}" y2="${row}" stroke="${colour}" stroke-width="2"${dash}/>`,
      text(right + 50, row + 4, name, 'start'),
    ].join('\n');
  });
  const middle = (MARGIN.top + HEIGHT - MARGIN.bottom) / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="sans-serif" font-size="12" fill="#222">
<title>${escaped(title)}</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${text(MARGIN.left, 22, title, 'start', ' font-size="14" font-weight="bold"')}
${grid.join('\n')}
${lines.join('\n')}
${text((left + right) / 2, HEIGHT - 12, xTitle, 'middle')}
${text(16, middle, yTitle, 'middle', ` transform="rotate(-90 16 ${middle})"`)}
</svg>
`;
}

/** Round values around all of `values`. */
function ticks(values: readonly number[]): readonly number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const rough = Math.max(high - low, 1e-6) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toFixed(9)),
  );
}

/** Rounded to tenths of a pixel, so that equal numbers give equal files. */
function scale(ticks: readonly number[], from: number, to: number): (value: number) => number {
  const [low, high] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  return (value) => Number((from + ((value - low) / (high - low)) * (to - from)).toFixed(1));
}

function label(value: number): string {
  return `${value}`.replace('-', '−');
}

function text(x: number, y: number, content: string, anchor: string, more = ''): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}"${more}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
