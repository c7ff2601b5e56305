/** Texts before and after the step, chosen by a rule and not by hand. */

import type { ProxyManifest } from '../../../src-main/contract/model-layout.ts';
import { proxyTarget } from '../metrics.ts';
import type { DecodedInput } from './decode-inputs.ts';
import { rounded } from './gains.ts';
import type { Example } from './results-file.ts';
import { keyOf, PLAIN } from './variants.ts';

/** Places in the order from the best gain to the worst. */
const SHARES = [0.1, 0.25, 0.9];

export const EXAMPLE_RULE =
  'of the shifted inputs whose text the step changed, in order from the best gain to the worst (greedy): the one a tenth of the way down, the one a quarter of the way down, and the one nine tenths of the way down';

/** Fewer where fewer texts changed. */
export function examplesOf(
  inputs: readonly DecodedInput[],
  { alpha, metric }: { readonly alpha: number; readonly metric: ProxyManifest['metric'] },
): readonly Example[] {
  const changed = inputs
    .filter(({ domain }) => domain === 'shifted')
    .map(({ name, condition, references, texts }): Example => {
      const [plain = '', perturbed = ''] = [PLAIN, { kind: 'gradient', alpha } as const].map(
        (variant) => texts.greedy?.[keyOf(variant)],
      );
      const [before = 0, after = 0] = [plain, perturbed].map((text) =>
        proxyTarget(metric, { text, references }),
      );
      const gain = rounded(metric === 'wer' ? 100 * (before - after) : after - before);
      return { condition, name, reference: references[0] ?? '', plain, perturbed, gain };
    })
    .filter(({ plain, perturbed }) => plain !== perturbed)
    // By name where gains are equal, so that the order does not hang on that of the batches.
    .sort((a, b) => b.gain - a.gain || (a.name < b.name ? -1 : 1));
  const places = new Set(SHARES.map((share) => Math.floor(share * changed.length)));
  return [...places].flatMap((place) => changed[place] ?? []);
}
