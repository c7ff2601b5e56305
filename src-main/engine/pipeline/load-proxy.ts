/** Loads a proxy for a model that is loaded: on its device, and only where it was measured on it. */

import type { Model } from '../models/model.ts';
import { PerturbationProxy } from '../perturbation/proxy.ts';

/**
 * @param directory `proxies/<id>` of a model folder
 * @throws VeerError PROXY_NOT_FOUND, PROXY_INVALID, PROXY_ENCODER_UNLISTED
 */
export function loadProxyFor<Input>(
  model: Pick<Model<Input>, 'identity' | 'device' | 'hiddenSize'>,
  directory: string,
  threads: number | null,
): Promise<PerturbationProxy> {
  const { id, dtype, encoderSha256 } = model.identity;
  return PerturbationProxy.load({
    directory,
    device: model.device.used,
    threads,
    encoder: { modelId: id, dtype, sha256: encoderSha256 },
    hiddenSize: model.hiddenSize,
  });
}
