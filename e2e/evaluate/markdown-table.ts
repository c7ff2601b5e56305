/** Tables and numbers of the reports. */

/** Numbers to the right; padded as Biome formats Markdown, so that the file passes the check. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, i) =>
    Math.max(...[head, ...rows].map((cells) => (cells[i] ?? '').length)),
  );
  const padded = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)));
  const rule = widths.map((width, i) =>
    i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [padded(head), rule, ...rows.map(padded)]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** With a true minus sign, and no sign for what rounds to zero. */
export function signed(value: number, digits = 2): string {
  const size = Math.abs(value).toFixed(digits);
  if (Number(size) === 0) return size;
  return `${value < 0 ? '−' : '+'}${size}`;
}
