/** A stored run as a result, for the writers of export/. */

import { VeerError } from '../contract/errors.ts';
import type { SegmentView } from '../contract/history.ts';
import {
  NO_TIMINGS,
  RESULT_FORMAT,
  RESULT_VERSION,
  type Result,
  type Segment,
  type Variant,
} from '../contract/result.ts';
import { GREEDY } from '../contract/search.ts';
import type { Items } from './items.ts';
import { notFound } from './not-found.ts';
import type { Runs } from './runs.ts';
import type { Segments } from './segments.ts';
import type { Units } from './units.ts';

export interface ResultSources {
  readonly items: Items;
  readonly runs: Runs;
  readonly units: Units;
  readonly segments: Segments;
}

/**
 * @param alpha null: the text as it stands, one variant per segment, under the α of its version
 *   (`alphas` is that α, or 0 where versions differ; a corrected variant has no token ids and no times
 *   below the segment).
 *   Otherwise the machine's output for this α.
 * @throws VeerError RUN_NOT_FOUND; JOB_STATE while there is no text; VARIANT_NOT_FOUND where a
 *   segment has no output for α
 */
export function storedResult(sources: ResultSources, runId: string, alpha: number | null): Result {
  const run = sources.runs.run(runId);
  const segments = alpha === null ? standing(sources, runId) : machineOutput(sources, runId, alpha);
  const { model, device } = run;
  if (model === null || device === null || segments.length === 0) {
    throw new VeerError(
      'JOB_STATE',
      'This run has no text yet. Wait until its first part is done.',
    );
  }
  const item = sources.items.item(run.itemId);
  const versions = new Set(segments.flatMap(({ variants }) => variants.map((one) => one.alpha)));
  return {
    format: RESULT_FORMAT,
    version: RESULT_VERSION,
    task: run.settings.task,
    source: { path: item.name, duration: item.duration, leading: run.leading },
    language: run.language,
    sourceLanguage: run.sourceLanguage,
    model,
    proxy: run.proxy,
    device,
    threads: run.threads,
    alphas: versions.size === 1 ? [...versions] : [0],
    search: run.settings.search ?? GREEDY,
    ...(run.settings.speech && { speech: run.settings.speech }),
    segments,
    timings: run.timings ?? NO_TIMINGS,
  };
}

function machineOutput({ units }: ResultSources, runId: string, alpha: number): Segment[] {
  return units.segments(runId).map((segment) => {
    const variants = segment.variants.filter((variant) => variant.alpha === alpha);
    if (variants.length === 0) throw notFound('VARIANT_NOT_FOUND');
    return { ...segment, variants };
  });
}

function standing({ units, segments }: ResultSources, runId: string): Segment[] {
  const views = new Map(
    segments.list(runId, 0, Number.MAX_SAFE_INTEGER).map((view) => [view.index, view]),
  );
  return units.segments(runId).map((segment) => {
    const view = views.get(segment.index);
    const chosen = segment.variants.find((variant) => variant.alpha === view?.chosenAlpha);
    if (view === undefined || chosen === undefined) throw notFound('VARIANT_NOT_FOUND');
    return { ...segment, variants: [asItStands(chosen, view)] };
  });
}

function asItStands(chosen: Variant, { correction, text }: SegmentView): Variant {
  if (correction === null) return chosen;
  // Times of phrases and words are those of the machine's text.
  const { phrases: _phrases, words: _words, ...untimed } = chosen;
  return { ...untimed, text, tokenIds: [] };
}
