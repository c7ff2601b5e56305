/** What the frozen model writes for every input, variant and search. */

import { throwIfCancelled } from '../../../src-main/contract/errors.ts';
import type { RowOutput } from '../../../src-main/engine/decoding/hypothesis.ts';
import type { Encoded, Model } from '../../../src-main/engine/models/model.ts';
import { predict } from '../directions.ts';
import { batchesOf, type Subject } from '../subjects.ts';
import type { Domain, EvaluationInput } from './evaluation-sets.ts';
import { SEARCHES, type SearchName, searchOf } from './searches.ts';
import { keyOf, moved, PLAIN, type Variant } from './variants.ts';

/** One input with all that was written for it. */
export interface DecodedInput {
  readonly name: string;
  readonly domain: Domain;
  readonly condition: string;
  readonly references: readonly string[];
  /** What the proxy predicts of every variant (by its key), in the unit of the manifest. */
  readonly predicted: Readonly<Record<string, number>>;
  /** Texts by search and key of the variant. */
  readonly texts: Readonly<Partial<Record<SearchName, Readonly<Record<string, string>>>>>;
  /** Texts by the way in which one of several candidates was chosen. */
  readonly chosen: Readonly<Record<string, string>>;
}

/** Outputs of one batch, by search and key of the variant. */
export type BatchOutputs = ReadonlyMap<SearchName, ReadonlyMap<string, readonly RowOutput[]>>;

export interface DecodePlan<Input> {
  /** What is decoded, and with which searches; plain first. */
  readonly runs: readonly { readonly variant: Variant; readonly searches: readonly SearchName[] }[];
  /** Chooses among what was written; one record per input. */
  readonly choose?: (
    encoded: Encoded,
    outputs: BatchOutputs,
    model: Model<Input>,
  ) => Promise<readonly Readonly<Record<string, string>>[]>;
  readonly signal: AbortSignal;
  /** Called with the number of inputs done. */
  readonly onBatch: (done: number) => void;
}

/**
 * Every input is encoded once.
 *
 * @returns one entry per input, the longest first
 * @throws VeerError CANCELLED
 */
export async function decodeInputs<Input extends { readonly length: number }>(
  { model, proxy, batchSize }: Subject<Input>,
  inputs: readonly EvaluationInput<Input>[],
  { runs, choose, signal, onBatch }: DecodePlan<Input>,
): Promise<readonly DecodedInput[]> {
  const results: DecodedInput[] = [];
  for (const batch of batchesOf(inputs, batchSize)) {
    throwIfCancelled(signal);
    const encoded = await model.encode(model.prepare(batch.map(({ input }) => input)));
    const names = batch.map(({ name }) => name);
    const outputs = new Map(
      SEARCHES.map((name) => [name, new Map<string, readonly RowOutput[]>()]),
    );
    const predicted = new Map<string, Float32Array>();
    for (const { variant, searches } of runs) {
      const rows = await moved(variant, encoded, { proxy, names });
      predicted.set(keyOf(variant), await predict(proxy, rows));
      for (const search of searches) {
        const decoded = await model.decode(rows, {
          signal,
          onStep: undefined,
          search: searchOf(search),
          ...draftsOf(model, outputs, search),
        });
        outputs.get(search)?.set(keyOf(variant), decoded);
      }
    }
    const chosen = await choose?.(encoded, outputs, model);
    for (const [b, { name, domain, condition, references }] of batch.entries()) {
      const texts = [...outputs].map(([search, byVariant]) => {
        const written = [...byVariant].map(([key, rows]) => [
          key,
          model.text(rows[b]?.tokenIds ?? []),
        ]);
        return [search, Object.fromEntries(written)] as const;
      });
      results.push({
        name,
        domain,
        condition,
        references,
        predicted: Object.fromEntries(
          [...predicted].map(([key, scores]) => [key, scores[b] ?? Number.NaN]),
        ),
        texts: Object.fromEntries(texts),
        chosen: chosen?.[b] ?? {},
      });
    }
    onBatch(results.length);
  }
  return results;
}

/** The plain texts, which most of the others equal or nearly equal: they save greedy search steps. */
function draftsOf<Input>(
  { readsDrafts }: Model<Input>,
  outputs: BatchOutputs,
  search: SearchName,
): { readonly drafts?: readonly (readonly number[])[] } {
  const plain = outputs.get(search)?.get(keyOf(PLAIN));
  if (search !== 'greedy' || readsDrafts !== true || plain === undefined) return {};
  return { drafts: plain.map(({ tokenIds }) => tokenIds) };
}
