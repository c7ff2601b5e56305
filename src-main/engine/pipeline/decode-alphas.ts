/**
 * Decoding the encoder outputs of one batch at every α. A recogniser decodes the plain rows first:
 * most of their texts are those of the other α as well, or nearly, and as drafts they save these rows
 * most of their steps. Otherwise all rows are decoded at once.
 */

import { VeerError } from '../../contract/errors.ts';
import { GREEDY, type Search } from '../../contract/search.ts';
import type { RowOutput } from '../decoding/hypothesis.ts';
import type { DecodeOptions, Encoded, TextDecoder } from '../models/model.ts';
import { dimension, selectRows } from '../onnx/tensor.ts';
import type { PerturbationMemory } from '../perturbation/perturbation-memory.ts';
import type { PerturbationProxy } from '../perturbation/proxy.ts';
import type { Likeness } from './choose-alpha.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface DecodeAlphasOptions<Input> {
  readonly model: TextDecoder<Input>;
  readonly proxy: PerturbationProxy | null;
  /** Finite; 0 is the plain output. */
  readonly alphas: readonly number[];
  /** Also predict the score of every perturbed encoder output. */
  readonly predictPerturbed: boolean;
  /** Choose one α for each input by how like its text is to the others; left out or null: no choice. */
  readonly likeness?: Likeness | null;
  /** Left out or null: greedy. */
  readonly search?: Search | null;
  /** Names of the inputs, for sampling: equal names draw equally, whatever the batch and α. */
  readonly inputNames?: readonly string[];
  readonly stopwatch: Stopwatch;
  /** Shared by the batches of a run that follow each other. */
  readonly memory: PerturbationMemory;
  readonly signal: AbortSignal;
  /** Texts so far, [inputs][alphas]; called a few times a second while decoding. */
  readonly onPartial: (texts: readonly (readonly string[])[]) => void;
}

interface AlphaOutput {
  readonly output: RowOutput;
  /** What the proxy predicts of the encoder output at this α; null where that was not asked for. */
  readonly predictedScore: number | null;
}

export interface AlphaOutputs {
  /** [alphas][inputs] */
  readonly columns: readonly (readonly AlphaOutput[])[];
  /** Of the plain encoder outputs, [inputs]; null where the proxy was not run. */
  readonly scores: Float32Array | null;
  /** [inputs]; null where the proxy was not run. */
  readonly gradientNorms: Float32Array | null;
}

/** Milliseconds between two partial texts: often enough to read along, cheap enough to ignore. */
const PARTIAL_INTERVAL = 150;

/**
 * @param plain encoder output of at least one input
 * @throws VeerError CANCELLED, PROXY_NOT_FOUND
 */
export async function decodeAlphas<Input>(
  plain: Encoded,
  options: DecodeAlphasOptions<Input>,
): Promise<AlphaOutputs> {
  const { alphas, model, stopwatch } = options;
  const others = alphas.filter((alpha) => alpha !== 0);
  // Without a step there is nothing to compute: the plain output costs nothing beyond a plain run.
  const drafts = model.readsDrafts === true && (options.search ?? GREEDY).strategy === 'greedy';
  const apart = others.length === 0 || (others.length < alphas.length && drafts);
  const moved = apart ? others : alphas;
  /** A column for every α from the one of α = 0, where that is apart, and those of the moved rows. */
  const arranged = <T>(plainColumn: readonly T[], movedColumns: readonly (readonly T[])[]) => {
    const left = [...movedColumns];
    return alphas.map((alpha) => (apart && alpha === 0 ? plainColumn : (left.shift() ?? [])));
  };
  let reported = performance.now();
  const report = (columns: () => readonly (readonly string[])[]) => {
    if (performance.now() - reported < PARTIAL_INTERVAL) return;
    reported = performance.now();
    const texts = columns();
    options.onPartial(
      Array.from({ length: dimension(plain.hiddenStates, 0) }, (_, b) =>
        texts.map((column) => column[b] ?? ''),
      ),
    );
  };
  const text = (ids: readonly number[]) => model.text(ids);

  const plainRows = apart
    ? await decode(plain, [0], options, {
        onStep: (tokens) => report(() => arranged(tokens.map(text), [])),
      })
    : [];
  if (moved.length === 0) {
    const column = plainRows.map((output) => ({ output, predictedScore: null }));
    return { columns: arranged(column, []), scores: null, gradientNorms: null };
  }
  const { encoded, scores, perturbedScores, gradientNorms } = await stopwatch.time('proxy', () =>
    applyAlphas(plain, moved, options),
  );
  const plainTexts = plainRows.flatMap(({ tokenIds }) => moved.map(() => tokenIds));
  const movedRows = await decode(encoded, moved, options, {
    ...(apart && { drafts: plainTexts }),
    onStep: (tokens) =>
      report(() =>
        arranged(
          plainRows.map(({ tokenIds }) => text(tokenIds)),
          columnsOf(tokens.map(text), moved.length),
        ),
      ),
  });
  const movedOutputs = movedRows.map((output, row) => {
    const score =
      moved[row % moved.length] === 0
        ? scores[Math.floor(row / moved.length)]
        : perturbedScores?.[row];
    return { output, predictedScore: score ?? null };
  });
  const plainOutputs = plainRows.map((output, b) => ({
    output,
    predictedScore: scores[b] ?? null,
  }));
  const columns = arranged(plainOutputs, columnsOf(movedOutputs, moved.length));
  return { columns, scores, gradientNorms };
}

/** @param encoded rows b·A + a of the given α */
function decode<Input>(
  encoded: Encoded,
  alphas: readonly number[],
  { model, search = null, inputNames, signal, stopwatch }: DecodeAlphasOptions<Input>,
  more: Pick<DecodeOptions, 'onStep' | 'drafts'>,
): Promise<readonly RowOutput[]> {
  return stopwatch.time('decode', () =>
    model.decode(encoded, {
      signal,
      search,
      // Every α draws the same numbers: its text differs for the encoder output alone.
      ...(inputNames && { streamNames: inputNames.flatMap((name) => alphas.map(() => name)) }),
      ...more,
    }),
  );
}

/** Rows b·A + a → [A][B] */
function columnsOf<T>(rows: readonly T[], alphas: number): readonly (readonly T[])[] {
  return Array.from({ length: alphas }, (_, a) => rows.filter((_, row) => row % alphas === a));
}

async function applyAlphas<Input>(
  plain: Encoded,
  alphas: readonly number[],
  { proxy, memory, predictPerturbed }: DecodeAlphasOptions<Input>,
) {
  if (proxy === null) {
    throw new VeerError(
      'PROXY_NOT_FOUND',
      'An α other than 0 needs a proxy. Choose one with --proxy.',
    );
  }
  const { hiddenStates, ...predicted } = await proxy.perturb(
    plain.hiddenStates,
    plain.validMask,
    alphas,
    { memory, predictPerturbed },
  );
  const rows = Array.from({ length: dimension(plain.validMask, 0) }, (_, b) => b);
  const repeated = rows.flatMap((b) => alphas.map(() => b));
  const encoded: Encoded = { hiddenStates, validMask: selectRows(plain.validMask, repeated) };
  return { encoded, ...predicted };
}
