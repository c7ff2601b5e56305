/** WordPiece, as BERT has it (Devlin et al. 2019): the longest token first, from the left. */

export interface WordPieceOptions {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly unknownId: number | null;
  /** Before tokens that continue a word: `##`. */
  readonly prefix: string;
  /** Longer words are unknown. */
  readonly longestWord: number;
}

export class WordPiece {
  readonly #options: WordPieceOptions;

  constructor(options: WordPieceOptions) {
    this.#options = options;
  }

  /** A word of which a part has no token is unknown as a whole. */
  encode(word: string): readonly number[] {
    const { vocabulary, unknownId, prefix, longestWord } = this.#options;
    const unknown = unknownId === null ? [] : [unknownId];
    const chars = [...word];
    if (chars.length > longestWord) return unknown;
    const ids: number[] = [];
    for (let start = 0; start < chars.length; ) {
      let end = chars.length;
      let id: number | undefined;
      for (; end > start && id === undefined; end--) {
        id = vocabulary.get((start > 0 ? prefix : '') + chars.slice(start, end).join(''));
      }
      if (id === undefined) return unknown;
      ids.push(id);
      start = end + 1;
    }
    return ids;
  }
}
