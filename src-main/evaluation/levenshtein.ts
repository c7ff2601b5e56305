/**
 * Levenshtein distance of two long token sequences: the number of edits alone, without which ones
 * (edit-distance.ts has those, in the memory of the product of both lengths). Bit-parallel, 32 rows
 * of the table at a time: Myers 1999, in the form of Hyyrö 2003 for more rows than a word has bits.
 */

const WORD = 32;

/**
 * Fewest insertions, deletions and substitutions between the two. Time grows with the product of
 * the lengths over 32, memory with the lengths.
 */
export function levenshtein(a: readonly string[], b: readonly string[]): number {
  const shortest = Math.min(a.length, b.length);
  let head = 0;
  while (head < shortest && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  return inner(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
}

/** `up` and `down`: where a cell is one more, or one less, than the one above it, a bit per row. */
function inner(rows: readonly string[], columns: readonly string[]): number {
  if (rows.length === 0) return columns.length;
  const words = Math.ceil(rows.length / WORD);
  const places = new Places(rows, words);
  const up = new Int32Array(words).fill(-1);
  const down = new Int32Array(words);
  const lastBit = 1 << ((rows.length - 1) % WORD);
  let distance = rows.length;
  for (const token of columns) {
    const equal = places.of(token);
    // What the first row is more than the one to its left.
    let carry = 1;
    for (let w = 0; w < words; w += 1) {
      const vertical = up[w] ?? 0;
      const falling = down[w] ?? 0;
      const borrowed = carry < 0 ? 1 : 0;
      const same = equal[w] ?? 0;
      const open = same | borrowed;
      const diagonal = (((open & vertical) + vertical) ^ vertical) | open;
      let more = falling | ~(diagonal | vertical);
      let less = vertical & diagonal;
      const bit = w === words - 1 ? lastBit : 1 << (WORD - 1);
      const leaving = (more & bit) !== 0 ? 1 : (less & bit) !== 0 ? -1 : 0;
      more = (more << 1) | (carry > 0 ? 1 : 0);
      less = (less << 1) | borrowed;
      const fixed = same | falling;
      up[w] = less | ~(fixed | more);
      down[w] = more & fixed;
      carry = leaving;
    }
    distance += carry;
  }
  return distance;
}

/** In which rows a token stands, a bit per row. */
class Places {
  readonly #rows = new Map<string, number[]>();
  readonly #frequent = new Map<string, Int32Array>();
  readonly #bits: Int32Array;
  #drawn: readonly number[] = [];

  constructor(rows: readonly string[], words: number) {
    this.#bits = new Int32Array(words);
    for (const [row, token] of rows.entries()) {
      const list = this.#rows.get(token);
      if (list === undefined) this.#rows.set(token, [row]);
      else list.push(row);
    }
    // Others are drawn anew each time, with less work than a column is; of these there are few.
    for (const [token, list] of this.#rows) {
      if (list.length > words) this.#frequent.set(token, draw(list, new Int32Array(words)));
    }
  }

  /** Holds until the next question. */
  of(token: string): Int32Array {
    const frequent = this.#frequent.get(token);
    if (frequent !== undefined) return frequent;
    for (const row of this.#drawn) this.#bits[Math.floor(row / WORD)] = 0;
    this.#drawn = this.#rows.get(token) ?? [];
    return draw(this.#drawn, this.#bits);
  }
}

function draw(rows: readonly number[], bits: Int32Array): Int32Array {
  for (const row of rows) {
    const word = Math.floor(row / WORD);
    bits[word] = (bits[word] ?? 0) | (1 << (row % WORD));
  }
  return bits;
}
