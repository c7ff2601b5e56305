/**
 * The five stops of the strength slider: step sizes (α) around the one that the proxy suggests.
 */

type StopName = 'off' | 'low' | 'suggested' | 'high' | 'max';

export interface Stop {
  readonly name: StopName;
  readonly alpha: number;
}

/** In multiples of the suggested α; further away the bundled models write worse, or nonsense. */
const FACTORS: readonly (readonly [StopName, number])[] = [
  ['off', 0],
  ['low', 0.5],
  ['suggested', 1],
  ['high', 2],
  ['max', 3],
];

/** Where the proxy suggests none: about what the bundled ones suggest. */
export const USUAL_ALPHA = 0.3;

/** @param suggested 0 and null are no suggestion: every stop would be the same */
export function stopsAround(suggested: number | null): readonly Stop[] {
  const alpha = suggested === null || suggested <= 0 ? USUAL_ALPHA : suggested;
  // 3 · 0.6 is 1.7999999999999998.
  return FACTORS.map(([name, factor]) => ({
    name,
    alpha: Number((factor * alpha).toPrecision(12)),
  }));
}

/** Null for an α between the stops. */
export function stopOf(stops: readonly Stop[], alpha: number): Stop | null {
  return stops.find((stop) => stop.alpha === alpha) ?? null;
}

/** Position of the stop that is nearest to an α; a slider stands there. */
export function nearestStop(stops: readonly Stop[], alpha: number): number {
  const distances = stops.map((stop) => Math.abs(stop.alpha - alpha));
  return distances.indexOf(Math.min(...distances));
}
