/** What a run is made with: taken down when it begins, checked whenever it goes on. */

import type { DeviceFallback } from '../contract/devices.ts';
import type { RunEvent } from '../contract/engine-contract.ts';
import { VeerError } from '../contract/errors.ts';
import type { DeviceUse } from '../contract/result.ts';
import type { RunFacts } from './job-store.ts';

type Ready = Extract<RunEvent, { type: 'ready' }>;

export interface RunCircumstances {
  readonly threads: number | null;
  readonly leading: string | null;
  /** Why the CPU was taken after a crash, or null. */
  readonly fallback: DeviceFallback | null;
  /** What was asked for, before a crash led to the CPU. */
  readonly requested: DeviceUse['requested'];
}

/**
 * Facts to store, or null where nothing is new.
 *
 * @throws VeerError MODEL_CHANGED where the stored part was made with other weights
 */
export function factsAfter(
  stored: RunFacts | null,
  ready: Ready,
  circumstances: RunCircumstances,
): RunFacts | null {
  const { model, proxy, language, sourceLanguage } = ready;
  const { threads, leading } = circumstances;
  const device = deviceUse(stored?.device ?? null, ready.device, circumstances);
  if (stored === null) {
    return { model, proxy, device, threads, language, sourceLanguage, leading };
  }
  requireSameWeights(stored, ready);
  // A run may begin without its proxy (plain output only) and get it with its first other α.
  const facts = { ...stored, device, proxy: stored.proxy ?? proxy };
  return JSON.stringify(facts) === JSON.stringify(stored) ? null : facts;
}

function requireSameWeights(stored: RunFacts, { model, proxy }: Ready): void {
  const sameModel =
    stored.model.encoderSha256 === model.encoderSha256 &&
    stored.model.decoderSha256 === model.decoderSha256;
  if (!sameModel) {
    throw new VeerError(
      'MODEL_CHANGED',
      `The files of the model ${stored.model.id} are not the ones this run began with. Put them back, or start a new run.`,
    );
  }
  if (stored.proxy !== null && proxy !== null && stored.proxy.sha256 !== proxy.sha256) {
    throw new VeerError(
      'MODEL_CHANGED',
      `The proxy ${stored.proxy.id} is not the one this run began with. Put it back, or start a new run.`,
    );
  }
}

/** The device of now, with every reason that ever led away from another one. */
function deviceUse(
  stored: DeviceUse | null,
  now: DeviceUse,
  { fallback, requested }: RunCircumstances,
): DeviceUse {
  const all = [...(stored?.fallbacks ?? []), ...now.fallbacks, ...(fallback ? [fallback] : [])];
  const fallbacks = all.filter(
    (one, i) => all.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === i,
  );
  const { used, reason } = now;
  return { requested, used, fallbacks, ...(reason && { reason }) };
}
