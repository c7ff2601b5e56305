/** Texts in columns side by side, or one below the other where the line is too short for that. */

export interface Column {
  readonly title: string;
  readonly text: string;
}

const GAP = '  │ ';
const NARROWEST = 28;

/**
 * @param width characters of a line; at least 20 are assumed
 * @param paint puts colours into the wrapped lines of one text; codes do not count as characters
 */
export function layOutColumns(
  columns: readonly Column[],
  width: number,
  paint: (lines: readonly string[]) => readonly string[] = (lines) => lines,
): readonly string[] {
  const available = Math.max(width, 20);
  const columnWidth = Math.floor((available - GAP.length * (columns.length - 1)) / columns.length);
  if (columnWidth < NARROWEST) {
    return columns.flatMap(({ title, text }) => [
      title,
      ...paint(wrap(text, available - 2)).map((line) => `  ${line}`),
    ]);
  }
  const cells = columns.map(({ title, text }) => {
    const lines = wrap(text, columnWidth);
    const padding = (line: string) => ' '.repeat(Math.max(0, columnWidth - [...line].length));
    const painted = paint(lines).map((line, i) => line + padding(lines[i] ?? ''));
    return [title + padding(title), ...painted];
  });
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, row) =>
    cells
      .map((lines) => lines[row] ?? ' '.repeat(columnWidth))
      .join(GAP)
      .trimEnd(),
  );
}

/** Breaks at spaces; a word longer than the line is cut. Always at least one line. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line: string[] = [];
  for (const word of text.split(' ')) {
    let characters = [...word];
    if (line.length > 0 && line.length + 1 + characters.length > width) {
      lines.push(line.join(''));
      line = [];
    }
    while (characters.length > width) {
      lines.push(characters.slice(0, width).join(''));
      characters = characters.slice(width);
    }
    line = line.length === 0 ? characters : [...line, ' ', ...characters];
  }
  lines.push(line.join(''));
  return lines;
}
