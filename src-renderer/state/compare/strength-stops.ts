/**
 * The five stops of the strength slider: step sizes (α) around the one that the proxy suggests.
 */

type StopName = 'off' | 'low' | 'suggested' | 'high' | 'max';

export interface Stop {
  readonly name: StopName;
  readonly alpha: number;
}

/** In multiples of the suggested α. */
const FACTORS: readonly (readonly [StopName, number])[] = [
  ['off', 0],
  ['low', 0.5],
  ['suggested', 1],
  ['high', 2],
  ['max', 4],
];

/** Where the proxy suggests none: what the bundled ones suggest. */
export const USUAL_ALPHA = 0.05;

/** @param suggested 0 and null are no suggestion: every stop would be the same */
export function stopsAround(suggested: number | null): readonly Stop[] {
  const alpha = suggested === null || suggested <= 0 ? USUAL_ALPHA : suggested;
  return FACTORS.map(([name, factor]) => ({ name, alpha: factor * alpha }));
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
