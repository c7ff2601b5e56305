/**
 * Byte pair encoding (Sennrich et al. 2016, arXiv 1508.07909): neighbouring tokens are merged, the pair
 * of the lowest rank first and of those the leftmost, until no pair has a rank.
 */

import { UnsupportedPart } from './fields.ts';
import { Heap } from './heap.ts';
import { byteIds, idsOfUnknown, type UnknownRules } from './unknown-runs.ts';

export interface BpeOptions extends UnknownRules {
  /** Tokens that texts are cut into: those of the vocabulary, or some of them. */
  readonly spoken: ReadonlyMap<string, number>;
  /** By rank. */
  readonly merges: readonly (readonly [left: string, right: string])[];
  /** Tokens that exist while merging only and become `<unk>` at the end. */
  readonly passing: readonly string[];
  /** Tokens that are found first and stay as they are. */
  readonly symbols: readonly string[];
  /** Merges with the same result have the same rank, as in SentencePiece. */
  readonly ranksByResult: boolean;
  /** A word that is a token is that token, whatever the merges. */
  readonly ignoresMerges: boolean;
}

const UNKNOWN = -1;
/** Highest number of words whose ids are kept, and the longest of them. */
const CACHED = { words: 10_000, length: 64 } as const;
/** Ranks stand above positions in one number. */
const POSITIONS = 2 ** 31;

export class Bpe {
  readonly #options: BpeOptions;
  readonly #ids: ReadonlyMap<string, number>;
  /** Ranks by pair of ids. */
  readonly #ranks = new Map<number, number>();
  /** Ids by rank. */
  readonly #results: number[] = [];
  readonly #symbols: ReadonlyMap<string, readonly string[]>;
  /** Ids from here on are passing ones. */
  readonly #firstPassing: number;
  readonly #size: number;
  readonly #cache = new Map<string, readonly number[]>();

  /** @throws UnsupportedPart where a merge names a token that there is not */
  constructor(options: BpeOptions) {
    this.#options = options;
    let next = 0;
    for (const id of options.vocabulary.values()) next = Math.max(next, id + 1);
    this.#firstPassing = next;
    const ids = new Map(options.spoken);
    for (const token of options.passing) if (!ids.has(token)) ids.set(token, next++);
    this.#ids = ids;
    this.#size = next;
    this.#readMerges();
    const symbols = options.symbols.toSorted((a, b) => b.length - a.length);
    this.#symbols = Map.groupBy(symbols, (symbol) => symbol.charAt(0));
  }

  #readMerges(): void {
    const { merges, ranksByResult } = this.#options;
    const first = new Map<number, number>();
    merges.forEach(([left, right], i) => {
      const [a, b] = [this.#ids.get(left), this.#ids.get(right)];
      const result = this.#ids.get(left + right);
      if (a === undefined || b === undefined || result === undefined) {
        throw new UnsupportedPart(
          `its merge "${left} ${right}" names a token that it does not have`,
        );
      }
      const rank = ranksByResult ? (first.get(result) ?? i) : i;
      if (ranksByResult) first.set(result, rank);
      this.#results[i] = result;
      const key = a * this.#size + b;
      if (!this.#ranks.has(key)) this.#ranks.set(key, rank);
    });
  }

  encode(word: string): readonly number[] {
    const known = this.#cache.get(word);
    if (known !== undefined) return known;
    const ids = this.#encode(word);
    if (word.length <= CACHED.length) {
      if (this.#cache.size >= CACHED.words) this.#cache.clear();
      this.#cache.set(word, ids);
    }
    return ids;
  }

  #encode(word: string): readonly number[] {
    const whole = this.#options.ignoresMerges ? this.#ids.get(word) : undefined;
    if (whole !== undefined) return [whole];
    const tokens = this.#merge(this.#characters(word));
    const ids: number[] = [];
    let run = '';
    const end = () => {
      if (run !== '') ids.push(...idsOfUnknown(run, this.#options));
      run = '';
    };
    for (const { id, text } of tokens) {
      if (id === UNKNOWN) {
        run += text;
        if (!this.#options.fuses) end();
        continue;
      }
      end();
      const { unknownId } = this.#options;
      if (id < this.#firstPassing) ids.push(id);
      else if (unknownId !== null) ids.push(unknownId);
    }
    end();
    return ids;
  }

  #characters(word: string): readonly Token[] {
    const tokens: Token[] = [];
    for (let i = 0; i < word.length; ) {
      const symbol = this.#symbols.get(word.charAt(i))?.find((each) => word.startsWith(each, i));
      const text = symbol ?? String.fromCodePoint(word.codePointAt(i) ?? 0);
      i += text.length;
      const id = this.#ids.get(text);
      const bytes =
        id === undefined && this.#options.byteFallback
          ? byteIds(text, this.#options.vocabulary)
          : null;
      if (bytes === null) tokens.push({ id: id ?? UNKNOWN, text, fixed: symbol !== undefined });
      else tokens.push(...bytes.map((byte) => ({ id: byte, text: '', fixed: true })));
    }
    return tokens;
  }

  #merge(tokens: readonly Token[]): readonly Token[] {
    const ids = tokens.map(({ id, fixed }) => (fixed ? UNKNOWN : id));
    const next = tokens.map((_, i) => i + 1);
    const previous = tokens.map((_, i) => i - 1);
    const gone = new Uint8Array(tokens.length);
    const queue = new Heap();
    const rankAt = (at: number): number | undefined => {
      const [left, right] = [ids[at] ?? UNKNOWN, ids[next[at] ?? -1] ?? UNKNOWN];
      if (left === UNKNOWN || right === UNKNOWN) return undefined;
      return this.#ranks.get(left * this.#size + right);
    };
    const offer = (at: number) => {
      const rank = rankAt(at);
      if (rank !== undefined) queue.push(rank * POSITIONS + at);
    };
    for (let i = 0; i < tokens.length - 1; i++) offer(i);
    for (let first = queue.pop(); first !== undefined; first = queue.pop()) {
      const at = first % POSITIONS;
      const rank = (first - at) / POSITIONS;
      if (gone[at] === 1 || rankAt(at) !== rank) continue;
      const taken = next[at] ?? tokens.length;
      const after = next[taken] ?? tokens.length;
      ids[at] = this.#results[rank] ?? UNKNOWN;
      gone[taken] = 1;
      next[at] = after;
      if (after < tokens.length) previous[after] = at;
      const before = previous[at] ?? -1;
      if (before >= 0) offer(before);
      offer(at);
    }
    return tokens.flatMap((token, i) =>
      gone[i] === 1 ? [] : [token.fixed ? token : { ...token, id: ids[i] ?? UNKNOWN }],
    );
  }
}

interface Token {
  readonly id: number;
  readonly text: string;
  /** Takes no part in merges. */
  readonly fixed: boolean;
}
