/** Segments as people read them: all variants, the choice, the correction, the reference. */

import type { Correction, SegmentView } from '../contract/history.ts';
import type { Connection } from './connection.ts';
import { found } from './not-found.ts';
import type { Runs } from './runs.ts';

type VariantView = SegmentView['variants'][number];
type VariantRow = VariantView & { readonly key: number };
type CorrectionRow = Correction & { readonly key: number };
type SegmentRow = Omit<SegmentView, 'variants' | 'correction'> & { readonly key: number };

export class Segments {
  readonly #connection: Connection;
  readonly #runs: Runs;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(connection: Connection, runs: Runs) {
    this.#connection = connection;
    this.#runs = runs;
    this.#statements = prepare(connection);
  }

  /**
   * In the order of the file; variants by ascending α.
   *
   * @param from index of the first one wanted
   * @param limit at least 1
   * @throws VeerError RUN_NOT_FOUND
   */
  list(runId: string, from: number, limit: number): SegmentView[] {
    return this.#connection.read(() => this.#views(this.#runs.key(runId), from, limit));
  }

  /** @throws VeerError RUN_NOT_FOUND, SEGMENT_NOT_FOUND */
  one(runId: string, index: number): SegmentView {
    return this.#connection.read(() => {
      const [view] = this.#views(this.#runs.key(runId), index, 1);
      return found(view?.index === index ? view : undefined, 'SEGMENT_NOT_FOUND');
    });
  }

  #views(runKey: number, from: number, limit: number): SegmentView[] {
    const rows = this.#statements.segments.all(runKey, from, limit);
    const last = rows.at(-1)?.index ?? from;
    const variants = new Map<number, VariantView[]>();
    for (const { key, ...variant } of this.#statements.variants.iterate(runKey, from, last)) {
      const list = variants.get(key);
      if (list === undefined) variants.set(key, [variant]);
      else list.push(variant);
    }
    // Oldest first, so that the newest of the chosen version stays.
    const corrections = new Map(
      this.#statements.corrections
        .all(runKey, from, last)
        .map(({ key, ...correction }) => [key, correction]),
    );
    return rows.map(({ key, ...row }) => ({
      ...row,
      variants: variants.get(key) ?? [],
      correction: corrections.get(key) ?? null,
    }));
  }
}

function prepare(connection: Connection) {
  return {
    segments: connection.prepare<[number, number, number], SegmentRow>(
      `SELECT segments.key, position AS "index", start_time AS start, end_time AS "end", source,
         separator, predicted_score AS predictedScore, gradient_norm AS gradientNorm,
         chosen_alpha AS chosenAlpha, segments.text, segment_references.text AS reference
       FROM segments LEFT JOIN segment_references ON segment_key = segments.key
       WHERE run_key = ? AND position >= ? ORDER BY position LIMIT ?`,
    ),
    variants: connection.prepare<[number, number, number], VariantRow>(
      `SELECT segment_key AS key, alpha, variants.text,
         average_log_probability AS averageLogProbability, finish_reason AS finishReason
       FROM segments JOIN variants ON segment_key = segments.key
       WHERE run_key = ? AND position BETWEEN ? AND ? ORDER BY position, alpha`,
    ),
    corrections: connection.prepare<[number, number, number], CorrectionRow>(
      `SELECT segment_key AS key, alpha, corrections.text, created_at AS createdAt
       FROM segments JOIN corrections ON segment_key = segments.key AND alpha = chosen_alpha
       WHERE run_key = ? AND position BETWEEN ? AND ? ORDER BY corrections.key`,
    ),
  };
}
