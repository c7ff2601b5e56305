/**
 * The beams of one input: open paths, finished hypotheses, and when to stop. As the vectorised
 * `_beam_search` of transformers 5 does it for one input; docs/decoding.md has it in words. Sums are
 * float64 here and float32 there.
 */

import { argmax } from './greedy.ts';
import type { Hypothesis } from './hypothesis.ts';
import { logSumExpAbove } from './log-sum-exp.ts';
import type { LogitsProcessor } from './logits-processors.ts';

export interface BeamSettings {
  readonly beams: number;
  /** p of score = Σ log-probability / length^p; the length counts end-of-text, not the prompt. */
  readonly lengthPenalty: number;
  /**
   * What stops an input with as many finished hypotheses as beams: true, that alone; false, also
   * that the best open path, at the length it has, is no better than the worst of them; 'never', the
   * same for a penalty above 0 at the longest length possible.
   */
  readonly earlyStopping: boolean | 'never';
  readonly processors: readonly LogitsProcessor[];
  readonly endOfTextIds: readonly number[];
  readonly maxNewTokens: number;
}

export interface ScoredHypothesis extends Hypothesis {
  /** Σ log-probability / length^p */
  readonly score: number;
}

interface Path {
  readonly tokenIds: readonly number[];
  readonly logProbabilities: readonly number[];
  /** Of the log-probabilities. */
  readonly sum: number;
}

interface Candidate {
  /** Place of the open path that it continues. */
  readonly beam: number;
  readonly id: number;
  readonly logProbability: number;
  readonly sum: number;
}

const START: Path = { tokenIds: [], logProbabilities: [], sum: 0 };

export class BeamHypotheses {
  readonly #prompt: readonly number[];
  readonly #settings: BeamSettings;
  #open: readonly Path[] = [START];
  #finished: readonly ScoredHypothesis[] = [];
  #length = 0;

  constructor(prompt: readonly number[], settings: BeamSettings) {
    this.#prompt = prompt;
    this.#settings = settings;
  }

  /** Finished hypotheses, the best first; at least one, and at most as many as beams, once done. */
  get finished(): readonly ScoredHypothesis[] {
    return this.#finished;
  }

  /** Number of open paths: rows of the decoder. 0 when done. */
  get openPaths(): number {
    return this.#open.length;
  }

  /** Tokens of the best path so far, for reading along. */
  get bestSoFar(): readonly number[] {
    return (this.#open[0] ?? this.#finished[0] ?? START).tokenIds;
  }

  /**
   * Takes one step of all open paths.
   *
   * @param logits [open paths × vocabulary], edited
   * @returns for every open path afterwards, which path it continues and with which token
   */
  advance(logits: Float32Array): readonly Pick<Candidate, 'beam' | 'id'>[] {
    const { beams, endOfTextIds, maxNewTokens, earlyStopping } = this.#settings;
    const candidates = this.#candidates(logits);
    this.#length++;
    const open: Candidate[] = [];
    const ended: ScoredHypothesis[] = [];
    for (const [rank, candidate] of candidates.entries()) {
      const end = endOfTextIds.includes(candidate.id);
      if (!end && this.#length < maxNewTokens) {
        if (open.length < beams) open.push(candidate);
      } else if (rank < beams) {
        // Those below are there to go on from, where better ones have ended.
        ended.push(this.#hypothesis(candidate, end));
      }
    }
    const paths = open.map((candidate) => this.#extended(candidate));
    const full = this.#finished.length === beams;
    if (!(full && earlyStopping === true)) this.#add(ended);
    const goesOn = paths.length > 0 && this.#canImprove(paths);
    if (!goesOn && this.#finished.length === 0) this.#finished = [withoutNumbers(this.#open[0])];
    this.#open = goesOn ? paths : [];
    return goesOn ? open : [];
  }

  /** The best continuations of all open paths: enough of them that as many as beams do not end. */
  #candidates(logits: Float32Array): readonly Candidate[] {
    const { beams, endOfTextIds, processors } = this.#settings;
    const wanted = Math.max(2, 1 + endOfTextIds.length) * beams;
    const vocabulary = logits.length / this.#open.length;
    const candidates = this.#open.flatMap((path, beam) => {
      const scores = logits.subarray(beam * vocabulary, (beam + 1) * vocabulary);
      toLogProbabilities(scores);
      const context = { prompt: this.#prompt, generated: path.tokenIds };
      for (const processor of processors) processor.process(scores, context);
      return bestIds(scores, wanted).map((id): Candidate => {
        const logProbability = scores[id] as number;
        return { beam, id, logProbability, sum: path.sum + logProbability };
      });
    });
    // The order of equals is that of beams and ids.
    return candidates.sort((a, b) => b.sum - a.sum).slice(0, wanted);
  }

  #extended({ beam, id, logProbability, sum }: Candidate): Path {
    const { tokenIds, logProbabilities } = this.#open[beam] ?? START;
    return {
      tokenIds: [...tokenIds, id],
      logProbabilities: [...logProbabilities, logProbability],
      sum,
    };
  }

  #hypothesis(candidate: Candidate, end: boolean): ScoredHypothesis {
    const { tokenIds, logProbabilities, sum } = this.#extended(candidate);
    return {
      tokenIds: end ? tokenIds.slice(0, -1) : tokenIds,
      tokenLogProbabilities: logProbabilities,
      finishReason: end ? 'end-of-text' : 'length',
      score: sum / this.#length ** this.#settings.lengthPenalty,
    };
  }

  #add(ended: readonly ScoredHypothesis[]): void {
    this.#finished = [...this.#finished, ...ended]
      .sort((a, b) => b.score - a.score)
      .slice(0, this.#settings.beams);
  }

  #canImprove(paths: readonly Path[]): boolean {
    const { beams, lengthPenalty, earlyStopping, maxNewTokens } = this.#settings;
    const worst = this.#finished[beams - 1];
    if (worst === undefined) return true;
    if (earlyStopping === true) return false;
    const longest = earlyStopping === 'never' && lengthPenalty > 0;
    const length = longest ? maxNewTokens : this.#length;
    return (paths[0]?.sum ?? Number.NEGATIVE_INFINITY) / length ** lengthPenalty > worst.score;
  }
}

/** Where the model gave no numbers, or every token is forbidden: as greedy search, NaN. */
function withoutNumbers({ tokenIds, logProbabilities }: Path = START): ScoredHypothesis {
  const tokenLogProbabilities = [...logProbabilities, Number.NaN];
  return { tokenIds, tokenLogProbabilities, finishReason: 'length', score: Number.NaN };
}

/** Logits to log-softmax, in place; NaN where one is no number. */
function toLogProbabilities(logits: Float32Array): void {
  const max = logits[argmax(logits)] as number;
  const shift = max + logSumExpAbove(logits, max);
  for (let i = 0; i < logits.length; i++) logits[i] = (logits[i] as number) - shift;
}

/** Ids of the largest values above −∞, at most `count`, the best first; the lower id of equals. */
function bestIds(values: Float32Array, count: number): readonly number[] {
  const ids: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!(value > least)) continue;
    let place = ids.length;
    while (place > 0 && value > (values[ids[place - 1] as number] as number)) place--;
    ids.splice(place, 0, i);
    if (ids.length > count) ids.pop();
    if (ids.length === count) least = values[ids[count - 1] as number] as number;
  }
  return ids;
}
