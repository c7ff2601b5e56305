/** One step size as a person types it. */

import type { Problem } from '../../bridge/problem.ts';

export type TypedAlpha = { readonly alpha: number } | { readonly problem: Problem };

/** Takes a point or a comma. The step is made in single precision, where 1e39 is infinite. */
export function parseAlpha(text: string): TypedAlpha {
  const typed = text.trim();
  const alpha = typed === '' ? Number.NaN : Number(typed.replace(',', '.').replace('−', '-'));
  if (!Number.isFinite(Math.fround(alpha))) {
    const message = `α must be a finite number, not "${typed}". Use for example 0 or 0.05.`;
    return { problem: { code: 'ALPHA_NOT_FINITE', message } };
  }
  // Not -0, which would be another version than 0.
  return { alpha: alpha === 0 ? 0 : alpha };
}
