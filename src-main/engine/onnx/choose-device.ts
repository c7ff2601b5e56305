/**
 * The device of a run: the one asked for, or the fastest that was measured on the model at hand and
 * wrote what the CPU writes (docs/decisions/015-devices.md).
 */

import type { DeviceMeasurement, DeviceRequest } from '../../contract/devices.ts';
import type { ModelIdentity } from '../../contract/result.ts';
import type { DeviceChoice } from './devices.ts';

/** What a measurement must be of to count. */
export interface Measured
  extends Pick<ModelIdentity, 'encoderSha256' | 'decoderSha256'>,
    Pick<DeviceMeasurement, 'adapter' | 'runtime'> {}

const BENCH = '"veer devices --bench" measures it';

/** Those that count. */
export function measurementsOf(
  measurements: readonly DeviceMeasurement[],
  measured: Measured,
): readonly DeviceMeasurement[] {
  return measurements.filter((one) => isOf(one, measured));
}

/** @param own measurements of the model at hand, here */
export function chooseDevice(
  requested: DeviceRequest,
  own: readonly DeviceMeasurement[],
): DeviceChoice {
  if (requested !== 'auto') return { devices: [requested], reason: null };
  const cpu = own.find(({ device }) => device === 'cpu');
  const others = own.filter(({ device }) => device !== 'cpu');
  const fit = others.filter(({ agrees }) => agrees).sort((a, b) => total(a) - total(b));
  const [best] = fit;
  if (cpu === undefined || others.length === 0) {
    return { devices: [], reason: `No other device was measured on this model here; ${BENCH}.` };
  }
  const times = `${others.map((one) => said(one)).join(', ')}, cpu ${total(cpu).toFixed(0)} ms`;
  return best !== undefined && total(best) < total(cpu)
    ? { devices: [best.device], reason: `The fastest that was measured on this model: ${times}.` }
    : { devices: [], reason: `No faster device was measured on this model: ${times}.` };
}

function isOf(one: DeviceMeasurement, measured: Measured): boolean {
  return (
    one.encoderSha256 === measured.encoderSha256 &&
    one.decoderSha256 === measured.decoderSha256 &&
    one.adapter === measured.adapter &&
    one.runtime === measured.runtime
  );
}

function total({ encode, decode }: DeviceMeasurement): number {
  return encode + decode;
}

function said(one: DeviceMeasurement): string {
  return `${one.device} ${total(one).toFixed(0)} ms${one.agrees ? '' : ' with another output'}`;
}
