import { VeerError } from '../../contract/errors.ts';

/** @throws VeerError CANCELLED when the signal is aborted */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) {
    throw new VeerError('CANCELLED', 'Cancelled.', { cause: signal.reason });
  }
}
