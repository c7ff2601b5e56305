/** Which model and which direction a run gets, from what is there and what a person wants. */

import type { Dtype } from '../../../src-main/contract/devices.ts';
import type { Direction } from '../../../src-main/contract/languages.ts';
import type { ListedModel } from '../../../src-main/contract/model-list.ts';

/** For lists to choose from. */
export function directionKey({ source, target }: Direction): string {
  return `${source}>${target}`;
}

/** Of all models, each once, in the order of the models. */
export function directionsOf(models: readonly ListedModel[]): readonly Direction[] {
  const all = models.flatMap(({ directions }) => directions);
  return [...new Map(all.map((direction) => [directionKey(direction), direction])).values()];
}

/** A model that states no direction is taken at its word: it may be able to do this one too. */
export function canDo({ directions }: ListedModel, direction: Direction | null): boolean {
  if (direction === null || directions.length === 0) return true;
  return directions.some((each) => directionKey(each) === directionKey(direction));
}

/** What the program makes where no α is asked for: a step only where its gain is proven. */
export function automaticAlphas(model: ListedModel, dtype: Dtype | null): readonly number[] {
  const measured = measuredOf(model, dtype ?? model.dtypes[0] ?? 'fp32');
  if (measured === undefined || measured.suggestedAlpha === 0 || !measured.proven) return [0];
  return [0, measured.suggestedAlpha];
}

/** Plain beside the suggested step, proven or not; null where the model has no proxy for it. */
export function suggestedAlphas(model: ListedModel, dtype: Dtype): readonly number[] | null {
  const measured = measuredOf(model, dtype);
  return measured === undefined ? null : [0, measured.suggestedAlpha];
}

function measuredOf({ proxies }: ListedModel, dtype: Dtype) {
  return proxies[0]?.measured[dtype];
}
