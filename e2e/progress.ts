/** What long runs say on stderr. */

/** One line on a terminal that tells what is being measured, or nothing where there is none. */
export function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

/** A line that stays, with the seconds since the start of the program. */
export function logProgress(line: string): void {
  showProgress('');
  const seconds = (performance.now() / 1000).toFixed(0);
  process.stderr.write(`${seconds.padStart(4)} s  ${line}\n`);
}
