/**
 * The unigram model of SentencePiece (Kudo 2018, arXiv 1804.10959): the way through a text whose pieces
 * have the highest sum of log-probabilities, by Viterbi's algorithm.
 */

import { idsOfUnknown, type UnknownRules } from './unknown-runs.ts';

/** A piece that texts are cut into. */
export interface ScoredPiece {
  readonly text: string;
  readonly score: number;
  /** Null for a piece that the vocabulary of the model does not have: it becomes `<unk>`. */
  readonly id: number | null;
}

export interface UnigramOptions extends UnknownRules {
  readonly pieces: readonly ScoredPiece[];
  /** Pieces that are taken wherever they stand. */
  readonly symbols: ReadonlySet<string>;
  /** Sums of float32, as SentencePiece has them, instead of float64: it decides between equal ways. */
  readonly single: boolean;
}

/** How much worse than the worst piece an unknown character is. */
const UNKNOWN_PENALTY = 10;

export class Unigram {
  readonly #options: UnigramOptions;
  readonly #pieces = new Map<string, ScoredPiece>();
  /** Longest piece by its first code unit. */
  readonly #longest = new Map<number, number>();
  readonly #unknownScore: number;

  constructor(options: UnigramOptions) {
    this.#options = options;
    const regular = options.pieces.filter(({ text }) => !options.symbols.has(text));
    const [lowest, highest] = regular.reduce(
      ([low, high], { score }) => [Math.min(low, score), Math.max(high, score)] as const,
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const,
    );
    this.#unknownScore = (Number.isFinite(lowest) ? lowest : 0) - UNKNOWN_PENALTY;
    for (const piece of options.pieces) {
      const { text } = piece;
      if (text === '') continue;
      const first = text.charCodeAt(0);
      this.#longest.set(first, Math.max(this.#longest.get(first) ?? 0, text.length));
      // The bonus of SentencePiece, by length in bytes.
      const bonus = Buffer.byteLength(text) * (Number.isFinite(highest) ? highest : 0) - 0.1;
      this.#pieces.set(text, options.symbols.has(text) ? { ...piece, score: bonus } : piece);
    }
  }

  encode(text: string): readonly number[] {
    const ids: number[] = [];
    let run = '';
    const end = () => {
      if (run !== '') ids.push(...idsOfUnknown(run, this.#options));
      run = '';
    };
    for (const { surface, piece } of this.#path(text)) {
      if (piece === null) {
        run += surface;
        if (!this.#options.fuses) end();
        continue;
      }
      end();
      const id = piece.id ?? this.#options.unknownId;
      if (id !== null) ids.push(id);
    }
    end();
    return ids;
  }

  #path(text: string): readonly { readonly surface: string; readonly piece: ScoredPiece | null }[] {
    const round = this.#options.single ? Math.fround : (value: number) => value;
    const scores = new Float64Array(text.length + 1);
    const starts = new Int32Array(text.length + 1).fill(-1);
    const pieces = new Array<ScoredPiece | null>(text.length + 1).fill(null);
    const offer = (from: number, to: number, score: number, piece: ScoredPiece | null) => {
      const sum = round(score + (scores[from] ?? 0));
      if (starts[to] !== -1 && sum <= (scores[to] ?? 0)) return;
      scores[to] = sum;
      starts[to] = from;
      pieces[to] = piece;
    };
    for (let i = 0; i < text.length; ) {
      const width = (text.codePointAt(i) ?? 0) > 0xffff ? 2 : 1;
      const longest = this.#longest.get(text.charCodeAt(i)) ?? 0;
      let single = false;
      for (let length = width; length <= longest && i + length <= text.length; length++) {
        const piece = this.#pieces.get(text.slice(i, i + length));
        if (piece === undefined) continue;
        offer(i, i + length, piece.score, piece);
        single ||= length === width;
      }
      if (!single) offer(i, i + width, round(this.#unknownScore), null);
      i += width;
    }
    const path: { surface: string; piece: ScoredPiece | null }[] = [];
    for (let end = text.length; end > 0; ) {
      const start = starts[end] ?? 0;
      path.push({ surface: text.slice(start, end), piece: pieces[end] ?? null });
      end = start;
    }
    return path.reverse();
  }
}
