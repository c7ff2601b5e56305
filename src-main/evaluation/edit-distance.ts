/**
 * Levenshtein alignment of two token sequences. The cheapest alignment is often not unique; ties
 * are broken as RapidFuzz does (common ends first, then from the end: deletion, insertion,
 * diagonal), so that counts agree with jiwer and not only their sum.
 */

/** Counts of one alignment, or their sums over a corpus. All are whole numbers ≥ 0. */
export type EditCounts = {
  /** Tokens of the reference that the hypothesis has too. */
  readonly hits: number;
  /** Tokens of the reference that became another token. */
  readonly substitutions: number;
  /** Tokens of the reference that the hypothesis lacks. */
  readonly deletions: number;
  /** Tokens that only the hypothesis has. */
  readonly insertions: number;
};

const DIAGONAL = 0;
const DELETE = 1;
const INSERT = 2;

/**
 * Aligns a hypothesis to its reference with the fewest edits. Time and memory (one byte each) grow
 * with the product of the lengths; common beginnings and endings are free.
 */
export function countEdits(
  reference: readonly string[],
  hypothesis: readonly string[],
): EditCounts {
  const shortest = Math.min(reference.length, hypothesis.length);
  let head = 0;
  while (head < shortest && reference[head] === hypothesis[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && reference.at(-1 - tail) === hypothesis.at(-1 - tail)) tail += 1;

  const ids = new Map<string, number>();
  const a = tokenIds(reference.slice(head, reference.length - tail), ids);
  const b = tokenIds(hypothesis.slice(head, hypothesis.length - tail), ids);
  const inner = readBack(a, b, chooseMoves(a, b));
  return { ...inner, hits: inner.hits + head + tail };
}

/** Numbers compare faster than strings. */
function tokenIds(tokens: readonly string[], ids: Map<string, number>): Uint32Array {
  return Uint32Array.from(tokens, (token) => {
    const id = ids.get(token) ?? ids.size;
    ids.set(token, id);
    return id;
  });
}

/** The move that ends the best alignment of every pair of beginnings: `[a.length, b.length]`. */
function chooseMoves(a: Uint32Array, b: Uint32Array): Uint8Array {
  const width = b.length;
  const moves = new Uint8Array(a.length * width);
  let above = Uint32Array.from({ length: width + 1 }, (_, j) => j);
  let row = new Uint32Array(width + 1);
  for (let i = 1; i <= a.length; i += 1) {
    row[0] = i;
    for (let j = 1; j <= width; j += 1) {
      const up = above[j] ?? 0;
      const left = row[j - 1] ?? 0;
      const corner = above[j - 1] ?? 0;
      const cost = Math.min(up + 1, left + 1, corner + (a[i - 1] === b[j - 1] ? 0 : 1));
      row[j] = cost;
      let move = DIAGONAL;
      if (cost === up + 1) move = DELETE;
      else if (left + 1 === corner) move = INSERT;
      moves[(i - 1) * width + j - 1] = move;
    }
    [above, row] = [row, above];
  }
  return moves;
}

function readBack(a: Uint32Array, b: Uint32Array, moves: Uint8Array): EditCounts {
  let i = a.length;
  let j = b.length;
  let [hits, substitutions, deletions, insertions] = [0, 0, 0, 0];
  while (i > 0 && j > 0) {
    const move = moves[(i - 1) * b.length + j - 1];
    if (move === DELETE) {
      deletions += 1;
      i -= 1;
    } else if (move === INSERT) {
      insertions += 1;
      j -= 1;
    } else {
      if (a[i - 1] === b[j - 1]) hits += 1;
      else substitutions += 1;
      i -= 1;
      j -= 1;
    }
  }
  return { hits, substitutions, deletions: deletions + i, insertions: insertions + j };
}
