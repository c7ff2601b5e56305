/** Which model and which direction a run gets, from what is there and what a person wants. */

import { automaticAlphas } from '../../../src-main/contract/alpha-choice.ts';
import type { Weights } from '../../../src-main/contract/devices.ts';
import { encoderDtype } from '../../../src-main/contract/dtype-pairs.ts';
import type { Choice } from '../../../src-main/contract/jobs.ts';
import type { Direction } from '../../../src-main/contract/languages.ts';
import type { ListedModel } from '../../../src-main/contract/model-list.ts';

/** For lists to choose from. */
export function directionKey({ source, target }: Direction): string {
  return `${source}>${target}`;
}

/** What the models can be told to read, each once, in their order. */
export function sourcesOf(models: readonly ListedModel[]): readonly string[] {
  return [...new Set(models.flatMap(({ sources }) => sources))];
}

/**
 * Of all models, each once, in the order of the models.
 *
 * @param source only those from this language; null: those that the models do without being told one
 */
export function directionsOf(
  models: readonly ListedModel[],
  source: string | null = null,
): readonly Direction[] {
  const all = models.flatMap((model) => (source === null ? model.directions : from(source, model)));
  return [...new Map(all.map((direction) => [directionKey(direction), direction])).values()];
}

/** Whoever reads several languages writes each of them from every other one. */
function from(source: string, { directions, sources }: ListedModel): readonly Direction[] {
  if (!sources.includes(source)) return directions.filter((each) => each.source === source);
  return sources.filter((tag) => tag !== source).map((target) => ({ source, target }));
}

/** A model that states no direction is taken at its word: it may be able to do this one too. */
export function canDo(model: ListedModel, direction: Direction | null): boolean {
  if (direction === null || model.directions.length === 0) return true;
  const key = directionKey(direction);
  return [...model.directions, ...from(direction.source, model)].some(
    (each) => directionKey(each) === key,
  );
}

/**
 * What the program makes where no α is asked for: those that it chooses among where it is to choose,
 * else a step only where its gain is proven.
 */
export function openAlphas(
  model: ListedModel,
  dtype: Weights | null,
  choice: Choice,
): readonly number[] {
  const measured = measuredOf(model, dtype ?? model.dtypes[0] ?? 'fp32');
  if (choice === 'automatic') return automaticAlphas(measured?.suggestedAlpha ?? 0);
  if (measured === undefined || measured.suggestedAlpha === 0 || !measured.proven) return [0];
  return [0, measured.suggestedAlpha];
}

/** Plain beside the suggested step, proven or not; null where the model has no proxy for it. */
export function suggestedAlphas(model: ListedModel, dtype: Weights): readonly number[] | null {
  const measured = measuredOf(model, dtype);
  return measured === undefined ? null : [0, measured.suggestedAlpha];
}

function measuredOf({ proxies }: ListedModel, dtype: Weights) {
  return proxies[0]?.measured[encoderDtype(dtype)];
}
