/** Segments as people read them: all variants, the choice, the correction, the reference. */

import type { Correction, SegmentView } from '../contract/history.ts';
import type { Connection } from './connection.ts';
import type { Runs } from './runs.ts';
import { PREDICTED_SCORE } from './units.ts';

type VariantView = SegmentView['variants'][number];
type VariantRow = VariantView & { readonly key: number };
type CorrectionRow = Correction & { readonly key: number };
type SegmentRow = Omit<SegmentView, 'variants' | 'correction' | 'reviewed'> & {
  readonly key: number;
  readonly reviewed: number;
};

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

  /** Those of the indices that are there, in the order of the file. */
  some(runKey: number, indices: readonly number[]): SegmentView[] {
    return this.#connection.read(() =>
      stretches(indices).flatMap(({ first, count }) => this.#views(runKey, first, count)),
    );
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
      reviewed: row.reviewed === 1,
      variants: variants.get(key) ?? [],
      correction: corrections.get(key) ?? null,
    }));
  }
}

/** Whole numbers as runs of neighbours, ascending, so that many of them are few questions. */
function stretches(indices: readonly number[]): { readonly first: number; count: number }[] {
  const list: { readonly first: number; count: number }[] = [];
  for (const index of indices.toSorted((a, b) => a - b)) {
    const last = list.at(-1);
    if (last !== undefined && last.first + last.count === index) last.count++;
    else list.push({ first: index, count: 1 });
  }
  return list;
}

function prepare(connection: Connection) {
  return {
    segments: connection.prepare<[number, number, number], SegmentRow>(
      `SELECT segments.key, position AS "index", start_time AS start, end_time AS "end", source,
         separator, predicted_score AS predictedScore, gradient_norm AS gradientNorm,
         chosen_alpha AS chosenAlpha, chosen_by_person AS reviewed, segments.text, segment_references.text AS reference
       FROM segments LEFT JOIN segment_references ON segment_key = segments.key
       WHERE run_key = ? AND position >= ? ORDER BY position LIMIT ?`,
    ),
    variants: connection.prepare<[number, number, number], VariantRow>(
      `SELECT segment_key AS key, alpha, variants.text, ${PREDICTED_SCORE} AS predictedScore,
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
