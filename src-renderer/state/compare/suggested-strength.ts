/**
 * With which strength a comparison begins: the one that the proxy suggests where its gain is proven
 * or the run has computed it, else what the run was asked for, else none.
 */

import { encoderDtype } from '../../../src-main/contract/dtype-pairs.ts';
import type { HistoryRun } from '../../../src-main/contract/history.ts';
import type { ListedModel, ListedProxy } from '../../../src-main/contract/model-list.ts';

/** What the proxy was measured to do with the dtype of the run. */
type Measurement = NonNullable<ListedProxy['measured'][keyof ListedProxy['measured']]>;

export type Suggestion =
  /** The list of models has not come yet. */
  | { readonly state: 'unknown' }
  /** Nothing predicts in which direction to go. */
  | { readonly state: 'no-proxy' }
  | { readonly state: 'unmeasured'; readonly proxy: ListedProxy }
  | {
      readonly state: 'unproven' | 'proven';
      readonly proxy: ListedProxy;
      readonly measurement: Measurement;
    };

/** @param model null where it is not there (any more) */
export function suggestionFor(run: HistoryRun, model: ListedModel | null): Suggestion {
  const id = run.proxy?.id ?? run.settings.proxy;
  const proxy =
    model?.proxies.find((each) => each.id === id) ??
    (id === null ? model?.proxies[0] : undefined) ??
    null;
  if (proxy === null) return { state: 'no-proxy' };
  const dtype = run.model?.dtype ?? run.settings.dtype;
  const measurement = dtype === null ? undefined : proxy.measured[encoderDtype(dtype)];
  if (measurement === undefined) return { state: 'unmeasured', proxy };
  return { state: measurement.proven ? 'proven' : 'unproven', proxy, measurement };
}

export function suggestedAlpha(suggestion: Suggestion): number | null {
  return 'measurement' in suggestion ? suggestion.measurement.suggestedAlpha : null;
}

/** @returns 0 for off */
export function startingAlpha(suggestion: Suggestion, run: HistoryRun): number {
  const suggested = suggestedAlpha(suggestion);
  const computed = suggested !== null && run.alphas.includes(suggested);
  if (suggested !== null && (suggestion.state === 'proven' || computed)) return suggested;
  return Math.max(0, ...(run.settings.alphas ?? []));
}
