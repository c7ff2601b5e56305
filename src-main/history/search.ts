/** Full-text search: which items have all the words, and where. */

import type { Connection } from './connection.ts';
import type { ItemRow } from './item-rows.ts';
import { SEGMENT_BITS, segmentKeys } from './keys.ts';
import { findPlace, matchExpression, type Place, searchWords } from './search-text.ts';

/** Up to here the index tells the segments of a word faster than a look through an item does. */
const FEW_ITEMS = 500;

export interface FoundItems {
  /** Deleted ones too. */
  readonly keys: readonly number[];
  /** A word that few items have, as an expression; null where all are common. */
  readonly rare: string | null;
}

export class Search {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(connection: Connection) {
    this.#statements = prepare(connection);
  }

  /** Null for a text that asks for nothing. Any text is safe. */
  words(text: string): readonly string[] | null {
    return text.trim() === '' ? null : searchWords(text);
  }

  /** Each word may be in another segment, or in the name. */
  items(words: readonly string[]): FoundItems {
    let rare: string | null = null;
    let items: number[] | null = null;
    for (const [i, word] of words.entries()) {
      const match = matchExpression(word, i === words.length - 1);
      const having = new Set(this.#statements.items.all({ match }));
      if (having.size <= FEW_ITEMS) rare = match;
      items = items === null ? [...having] : items.filter((key) => having.has(key));
      if (items.length === 0) break;
    }
    return { keys: items ?? [], rare };
  }

  /** The first place of an item with the most of the words, marked; null where none can be shown. */
  place({ key, name }: ItemRow, words: readonly string[], rare: FoundItems['rare']): string | null {
    let best: Place | null = null;
    for (const text of this.#texts(key, rare)) {
      const place = findPlace(text, words);
      if (place !== null && place.words > (best?.words ?? 0)) best = place;
      if (best?.words === words.length) return best.excerpt;
    }
    const inName = findPlace(name, words);
    return (inName !== null && inName.words > (best?.words ?? 0) ? inName : best)?.excerpt ?? null;
  }

  *#texts(key: number, rare: FoundItems['rare']): Iterable<string> {
    const { first, last } = segmentKeys(key);
    if (rare === null) yield* this.#statements.texts.iterate(first, last);
    else yield* this.#statements.hits.iterate({ match: rare, first, last });
  }
}

function prepare(connection: Connection) {
  return {
    items: connection.pluck<[{ readonly match: string }], number>(
      `SELECT DISTINCT rowid >> ${SEGMENT_BITS} FROM text_search WHERE text_search MATCH @match
       UNION ALL SELECT rowid FROM name_search WHERE name_search MATCH @match`,
    ),
    hits: connection.pluck<[{ match: string; first: number; last: number }], string>(
      `SELECT text FROM text_search
       WHERE text_search MATCH @match AND rowid BETWEEN @first AND @last ORDER BY rowid`,
    ),
    texts: connection.pluck<[number, number], string>(
      'SELECT text FROM segments WHERE key BETWEEN ? AND ? ORDER BY key',
    ),
  };
}
