/** Machine output: units (encoder inputs) of a run and their variants. Written once, never changed. */

import type { OutputDetails, Segment, Variant } from '../contract/result.ts';
import type { Connection } from './connection.ts';
import { segmentKeys } from './keys.ts';
import { found } from './not-found.ts';
import { readDetails } from './stored-json.ts';
import { decodeTokenIds, encodeTokenIds } from './token-ids.ts';

/**
 * Of a row of `variants` joined with its segment. The plain version has the score of the segment,
 * which is stored there alone: it may become known after the plain output.
 */
export const PREDICTED_SCORE =
  'CASE alpha WHEN 0 THEN segments.predicted_score ELSE variants.predicted_score END';

export interface Unit {
  readonly index: number;
  readonly start: number | null;
  readonly end: number | null;
  /** Ascending. */
  readonly alphas: readonly number[];
}

interface UnitRow extends Omit<Unit, 'alphas'> {
  readonly alpha: number;
}

type SegmentRow = Omit<Segment, 'variants'> & { readonly key: number };

type VariantRow = Omit<Variant, 'tokenIds'> & {
  readonly tokenIds: Buffer;
  readonly details: string | null;
  readonly segmentKey: number;
};

export class Units {
  readonly #connection: Connection;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#statements = prepare(connection);
  }

  /** In the order of the file. */
  list(runId: string): readonly Unit[] {
    return this.#connection.read(() => {
      const units: (Omit<Unit, 'alphas'> & { alphas: number[] })[] = [];
      for (const { alpha, ...unit } of this.#statements.units.iterate(runId)) {
        const last = units.at(-1);
        if (last?.index === unit.index) last.alphas.push(alpha);
        else units.push({ ...unit, alphas: [alpha] });
      }
      return units;
    });
  }

  /** With all its variants, in the order in which the engine gave them. */
  segment(runId: string, index: number): Segment | null {
    return this.#connection.read(() => this.#segments(runId, index, index)[0] ?? null);
  }

  /** Machine output of a whole run. */
  segments(runId: string): readonly Segment[] {
    return this.#connection.read(() => this.#segments(runId, 0, Number.MAX_SAFE_INTEGER));
  }

  #segments(runId: string, first: number, last: number): readonly Segment[] {
    const variants = new Map<number, Variant[]>();
    const rows = this.#statements.variants.iterate(runId, first, last);
    for (const { segmentKey, details, ...row } of rows) {
      const tokenIds = decodeTokenIds(row.tokenIds);
      const variant = { ...row, ...readDetails(details), tokenIds };
      const list = variants.get(segmentKey);
      if (list === undefined) variants.set(segmentKey, [variant]);
      else list.push(variant);
    }
    return this.#statements.segments
      .all(runId, first, last)
      .map(({ key, ...segment }) => ({ ...segment, variants: variants.get(key) ?? [] }));
  }

  /**
   * Within a transaction. What is stored already stays as it was; a prediction for the plain output
   * that was not made then is added.
   *
   * @returns false where nothing was new
   */
  commit(itemKey: number, runKey: number, segment: Segment): boolean {
    const known = this.#statements.key.get(runKey, segment.index);
    const key = known ?? this.#add(itemKey, runKey, segment);
    let added = 0;
    for (const variant of segment.variants) {
      added += this.#statements.addVariant.run({
        ...variant,
        key,
        tokenIds: encodeTokenIds(variant.tokenIds),
        details: storedDetails(variant),
        predictedScore: variant.alpha === 0 ? null : variant.predictedScore,
      }).changes;
    }
    if (known !== undefined && added > 0) {
      // Plain output that comes later is the text, unless a person or the program has chosen.
      this.#statements.choosePlain.run({ key });
      // A run that began with plain output alone had no prediction.
      const { predictedScore, gradientNorm } = segment;
      this.#statements.addPrediction.run({ key, predictedScore, gradientNorm });
    }
    return added > 0;
  }

  #add(itemKey: number, runKey: number, segment: Segment): number {
    const { variants, chosenAlpha: automaticAlpha = null } = segment;
    const versionAt = (wanted: number | null) => variants.find(({ alpha }) => alpha === wanted);
    const text = versionAt(automaticAlpha) ?? versionAt(0) ?? variants[0];
    const { first, last } = segmentKeys(itemKey);
    return found(
      this.#statements.addSegment.get({
        first,
        last,
        runKey,
        index: segment.index,
        start: segment.start,
        end: segment.end,
        source: segment.source,
        separator: segment.separator,
        predictedScore: segment.predictedScore,
        gradientNorm: segment.gradientNorm,
        automaticAlpha,
        alpha: text?.alpha,
        text: text?.text,
      }),
      'SEGMENT_NOT_FOUND',
    );
  }
}

/** Null where nothing is known beyond the tokens. */
function storedDetails({ phrases, words, quality }: Variant): string | null {
  const details: OutputDetails = {
    ...(phrases && { phrases }),
    ...(words && { words }),
    ...(quality && { quality }),
  };
  return Object.keys(details).length === 0 ? null : JSON.stringify(details);
}

function prepare(connection: Connection) {
  return {
    key: connection.pluck<[number, number], number>(
      'SELECT key FROM segments WHERE run_key = ? AND position = ?',
    ),
    units: connection.prepare<[string], UnitRow>(
      `SELECT segments.position AS "index", start_time AS start, end_time AS "end", alpha
       FROM runs JOIN segments ON segments.run_key = runs.key
         JOIN variants ON variants.segment_key = segments.key
       WHERE runs.id = ? ORDER BY segments.position, alpha`,
    ),
    segments: connection.prepare<[string, number, number], SegmentRow>(
      `SELECT segments.key, segments.position AS "index", start_time AS start, end_time AS "end",
         source, separator, predicted_score AS predictedScore, gradient_norm AS gradientNorm
       FROM runs JOIN segments ON segments.run_key = runs.key
       WHERE runs.id = ? AND segments.position BETWEEN ? AND ? ORDER BY segments.position`,
    ),
    variants: connection.prepare<[string, number, number], VariantRow>(
      `SELECT segment_key AS segmentKey, alpha, variants.text, token_ids AS tokenIds,
         ${PREDICTED_SCORE} AS predictedScore,
         average_log_probability AS averageLogProbability, finish_reason AS finishReason,
         details
       FROM runs JOIN segments ON segments.run_key = runs.key
         JOIN variants ON variants.segment_key = segments.key
       WHERE runs.id = ? AND segments.position BETWEEN ? AND ?
       ORDER BY segments.position, ordinal`,
    ),
    addSegment: connection.pluck<[object], number>(
      `INSERT INTO segments (key, run_key, position, start_time, end_time, source, separator,
         predicted_score, gradient_norm, automatic_alpha, chosen_alpha, text)
       VALUES (
         (SELECT coalesce(max(key) + 1, @first) FROM segments WHERE key BETWEEN @first AND @last),
         @runKey, @index, @start, @end, @source, @separator, @predictedScore, @gradientNorm,
         @automaticAlpha, @alpha, @text)
       RETURNING key`,
    ),
    addVariant: connection.prepare(
      `INSERT INTO variants (segment_key, alpha, ordinal, text, token_ids, predicted_score,
         average_log_probability, finish_reason, details)
       VALUES (@key, @alpha,
         (SELECT count(*) FROM variants WHERE segment_key = @key),
         @text, @tokenIds, @predictedScore, @averageLogProbability, @finishReason, @details)
       ON CONFLICT DO NOTHING`,
    ),
    addPrediction: connection.prepare(
      `UPDATE segments SET predicted_score = @predictedScore, gradient_norm = @gradientNorm
       WHERE key = @key AND predicted_score IS NULL`,
    ),
    choosePlain: connection.prepare(
      `UPDATE segments SET chosen_alpha = 0, text = plain.text
       FROM (SELECT text FROM variants WHERE segment_key = @key AND alpha = 0) AS plain
       WHERE key = @key AND chosen_by_person = 0 AND automatic_alpha IS NULL AND chosen_alpha <> 0`,
    ),
  };
}
