/** The strengths that the slider has for the bundled models: they follow from what their proxies suggest. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { proxyManifestSchema } from '../../src-main/contract/model-layout.ts';
import { ROOT } from './programs.ts';

interface Strengths {
  readonly low: number;
  readonly suggested: number;
  readonly high: number;
  readonly max: number;
  /** Whether the gain is proven on test data, so that the suggested one is where the slider begins. */
  readonly proven: boolean;
}

function strengthsOf(model: string, proxy: string): Strengths {
  const file = join(ROOT, 'models', model, 'proxies', proxy, 'proxy.json');
  const { encoders } = proxyManifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const { suggestedAlpha: suggested = 0, interval = [0, 0] } = encoders.fp32 ?? {};
  return {
    low: suggested / 2,
    suggested,
    high: 2 * suggested,
    max: Number((3 * suggested).toPrecision(12)),
    proven: interval[0] > 0,
  };
}

/** What Veer takes by itself for recordings. */
export const LISTENER = strengthsOf('starter-asr-en-m', 'wer-attention');
/** The small models, which the tests' own library was made with. */
export const SMALL_LISTENER = strengthsOf('starter-asr-en-s', 'wer-attention');
export const SMALL_TRANSLATOR = strengthsOf('starter-mt-en-de-s', 'chrf-attention');
