/**
 * How far a run is from what should have been said: WER of a transcript, chrF of a translation, as
 * one corpus. Words are compared in the form of `normaliseForWer`; chrF takes texts as they are.
 */

import { setImmediate } from 'node:timers/promises';
import type { RunScores, SegmentView } from '../contract/history.ts';
import { chrfFromStatistics, chrfStatistics } from '../evaluation/chrf.ts';
import { levenshtein } from '../evaluation/levenshtein.ts';
import { sumStatistics } from '../evaluation/statistics-sum.ts';
import { normaliseForWer } from '../evaluation/wer.ts';
import { splitWhitespace } from '../evaluation/whitespace.ts';
import { formatResult } from '../export/format-result.ts';
import type { History } from '../history/history.ts';

/** About 20 ms of work. */
const TEXTS_AT_ONCE = 100;

/** As the bootstrap has them: statistics of a corpus are the sums of those of its texts. */
interface Metric {
  readonly name: RunScores['metric'];
  readonly statistics: (text: string, reference: string) => readonly number[];
  readonly score: (statistics: readonly number[]) => number;
}

interface Measured {
  readonly over: RunScores['over'];
  readonly units: readonly SegmentView[];
  readonly references: readonly string[];
  /** As many as references. @param alpha null: the text as it stands */
  readonly texts: (alpha: number | null) => readonly string[];
}

/** Null where nobody supplied a reference, or nothing is there to compare it to. @throws RUN_NOT_FOUND */
export async function runScores(history: History, runId: string): Promise<RunScores | null> {
  const { settings, itemId } = history.run(runId);
  const measured = whatToMeasure(history, runId, itemId);
  if (measured === null) return null;
  const { over, units, references, texts } = measured;
  // All of it before the first pause, in which the history may change.
  const outputs = commonAlphas(units).map((alpha) => ({ alpha, texts: texts(alpha) }));
  const standingTexts = texts(null);
  const metric = settings.task === 'transcribe' ? WER : CHRF;
  const scorer = new Scorer(metric, references);
  const versions: RunScores['versions'] = [];
  for (const output of outputs) {
    versions.push({ alpha: output.alpha, score: await scorer.score(output.texts) });
  }
  const standing = await scorer.score(standingTexts);
  return { metric: metric.name, over, units: units.length, standing, versions };
}

/** Most texts are those of another version too, so each is looked at once. */
class Scorer {
  readonly #metric: Metric;
  readonly #pairs: readonly { reference: string; known: Map<string, readonly number[]> }[];

  constructor(metric: Metric, references: readonly string[]) {
    this.#metric = metric;
    this.#pairs = references.map((reference) => ({ reference, known: new Map() }));
  }

  /** Others have their turn in between. @param texts one for each reference */
  async score(texts: readonly string[]): Promise<number> {
    const list: (readonly number[])[] = [];
    for (const [i, { reference, known }] of this.#pairs.entries()) {
      if (i % TEXTS_AT_ONCE === 0) await setImmediate();
      const text = texts[i] ?? '';
      const statistics = known.get(text) ?? this.#metric.statistics(text, reference);
      known.set(text, statistics);
      list.push(statistics);
    }
    return this.#metric.score(sumStatistics(list, list[0]?.length ?? 0));
  }
}

function whatToMeasure(history: History, runId: string, itemId: string): Measured | null {
  const all = history.segments(runId, 0, Number.MAX_SAFE_INTEGER);
  const referred = all.filter(({ reference }) => reference !== null);
  if (referred.length > 0) {
    return {
      over: 'units',
      units: referred,
      references: referred.map(({ reference }) => reference ?? ''),
      texts: (alpha) => referred.map((unit) => textOf(unit, alpha)),
    };
  }
  const reference = history.reference(itemId);
  if (reference === null || all.length === 0) return null;
  return {
    over: 'whole',
    units: all,
    references: [reference],
    texts: (alpha) => [formatResult(history.result(runId, alpha), 'txt', 0)],
  };
}

function textOf({ text, variants }: SegmentView, alpha: number | null): string {
  if (alpha === null) return text;
  return variants.find((variant) => variant.alpha === alpha)?.text ?? '';
}

/** Ascending, as the variants are. */
function commonAlphas([first, ...others]: readonly SegmentView[]): readonly number[] {
  const alphas = first?.variants.map(({ alpha }) => alpha) ?? [];
  return alphas.filter((alpha) =>
    others.every(({ variants }) => variants.some((variant) => variant.alpha === alpha)),
  );
}

const wordsOf = (text: string) => splitWhitespace(normaliseForWer(text));

const WER: Metric = {
  name: 'wer',
  statistics: (text, reference) => {
    const said = wordsOf(reference);
    return [levenshtein(said, wordsOf(text)), said.length];
  },
  score: ([errors = 0, length = 0]) => errors / Math.max(1, length),
};

const CHRF: Metric = {
  name: 'chrf',
  statistics: (text, reference) => chrfStatistics(text, [reference]),
  score: chrfFromStatistics,
};
