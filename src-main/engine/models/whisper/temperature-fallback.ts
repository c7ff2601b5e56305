/**
 * Decoding again what cannot be trusted, at higher and higher temperatures (openai/whisper
 * `transcribe.py`). Rows are judged alone; only those that failed are decoded again, together.
 */

/** @typeParam Output of one row */
export interface FallbackSteps<Output> {
  readonly temperatures: readonly number[];
  /** Decodes the given rows, ascending. */
  readonly decode: (rows: readonly number[], temperature: number) => Promise<readonly Output[]>;
  readonly isAccepted: (output: Output) => boolean;
}

/** @returns for each row the first output that is accepted, else the last one */
export async function withFallback<Output>(
  rows: number,
  { temperatures, decode, isAccepted }: FallbackSteps<Output>,
): Promise<readonly Output[]> {
  const outputs = new Map<number, Output>();
  let open: readonly number[] = Array.from({ length: rows }, (_, row) => row);
  for (const temperature of temperatures) {
    const tried = await decode(open, temperature);
    const failed: number[] = [];
    for (const [i, output] of tried.entries()) {
      const row = open[i] as number;
      outputs.set(row, output);
      if (!isAccepted(output)) failed.push(row);
    }
    open = failed;
    if (open.length === 0) break;
  }
  return Array.from({ length: rows }, (_, row) => outputs.get(row) as Output);
}
