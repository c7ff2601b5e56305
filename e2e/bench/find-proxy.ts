/** The first proxy of a model folder, or why it cannot be used. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { encoderDtype } from '../../src-main/contract/dtype-pairs.ts';
import { causeMessage } from '../../src-main/contract/errors.ts';
import { PROXIES_DIRECTORY } from '../../src-main/contract/model-layout.ts';
import type { Model } from '../../src-main/engine/models/model.ts';
import type { PerturbationProxy } from '../../src-main/engine/perturbation/proxy.ts';
import { loadProxyFor } from '../../src-main/engine/pipeline/load-proxy.ts';
import { MODELS_DIRECTORY } from '../dev-inputs.ts';

export interface FoundProxy {
  readonly proxy: PerturbationProxy | null;
  /** The manifest's suggestion for this dtype; its size hardly changes the time. */
  readonly alpha: number;
  /** Why there is none. */
  readonly reason: string | null;
}

const FALLBACK_ALPHA = 0.1;

export async function findProxy<Input>(
  directory: string,
  model: Pick<Model<Input>, 'identity' | 'device' | 'hiddenSize'>,
  threads: number,
): Promise<FoundProxy> {
  const proxies = join(directory, PROXIES_DIRECTORY);
  try {
    const [first = 'none'] = (await readdir(proxies)).sort();
    const proxy = await loadProxyFor(model, join(proxies, first), threads);
    const suggested =
      proxy.manifest.encoders[encoderDtype(model.identity.dtype)]?.suggestedAlpha ?? 0;
    return { proxy, alpha: suggested > 0 ? suggested : FALLBACK_ALPHA, reason: null };
  } catch (error) {
    // The report names no folders of this machine.
    const reason = causeMessage(error).replaceAll(MODELS_DIRECTORY, 'models');
    return { proxy: null, alpha: FALLBACK_ALPHA, reason };
  }
}
