/** Model, proxy, dtype and step sizes of a run: what was asked for, and a choice for what was not. */

import { automaticAlphas } from '../contract/alpha-choice.ts';
import type { Weights } from '../contract/devices.ts';
import { encoderDtype } from '../contract/dtype-pairs.ts';
import { requireFiniteAlphas } from '../contract/engine-contract.ts';
import type { Task } from '../contract/result.ts';
import { findModel, findProxy } from './find-model.ts';
import type { ModelEntry } from './list-models.ts';
import { isProven, type ProxyEntry } from './read-proxies.ts';

/** Null is left open. */
export interface ModelRequest {
  readonly task: Task;
  /** Name or folder. */
  readonly model: string | null;
  readonly proxy: string | null;
  readonly dtype: Weights | null;
  readonly alphas: readonly number[] | null;
}

/**
 * Step sizes where none are asked for: plain output alone, or beside it the α that the proxy's
 * makers chose on development data; `proven`: only where its gain is known on data of its own;
 * `automatic`: those that a choice for each input is made among.
 */
export type OpenAlphas = 'plain' | 'suggested' | 'proven' | 'automatic';

export interface ModelChoice {
  readonly model: ModelEntry;
  /** Null where none is named and only plain output is made. */
  readonly proxy: ProxyEntry | null;
  readonly dtype: Weights;
  readonly alphas: readonly number[];
}

/**
 * @throws VeerError MODEL_NOT_FOUND, MODEL_TASK_MISMATCH, PROXY_NOT_FOUND, PROXY_INVALID,
 *   ALPHA_NOT_FINITE, and the problem of a broken model folder
 */
export async function chooseModel(
  directories: readonly string[],
  request: ModelRequest,
  openAlphas: OpenAlphas,
): Promise<ModelChoice> {
  const model = await findModel(directories, request.model, request.task);
  const dtype = request.dtype ?? model.dtypes[0] ?? 'fp32';
  const named = request.proxy === null ? null : findProxy(model, request.proxy);
  const alphas = request.alphas ?? alphasOf(named ?? model.proxies[0] ?? null, dtype, openAlphas);
  requireFiniteAlphas(alphas);
  const stepped = alphas.some((alpha) => alpha !== 0);
  return { model, proxy: named ?? (stepped ? findProxy(model, null) : null), dtype, alphas };
}

function alphasOf(
  proxy: ProxyEntry | null,
  dtype: Weights,
  openAlphas: OpenAlphas,
): readonly number[] {
  const measured = proxy?.manifest.encoders[encoderDtype(dtype)];
  if (openAlphas === 'plain' || measured === undefined || measured.suggestedAlpha === 0) return [0];
  if (openAlphas === 'automatic') return automaticAlphas(measured.suggestedAlpha);
  return openAlphas === 'suggested' || isProven(measured) ? [0, measured.suggestedAlpha] : [0];
}
