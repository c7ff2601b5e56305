/**
 * What `veer devices --bench` has measured, on the disk: one JSON file. It can be measured again at
 * any time, so a file that is damaged, or of another version, counts as none and is written anew.
 */

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type DeviceMeasurement, deviceMeasurementSchema } from '../contract/devices.ts';
import { causeMessage, VeerError } from '../contract/errors.ts';

const fileSchema = z.strictObject({
  format: z.literal('veer-device-measurements'),
  version: z.literal(1),
  measurements: z.array(deviceMeasurementSchema),
});

export async function readMeasurements(path: string): Promise<readonly DeviceMeasurement[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    return fileSchema.parse(JSON.parse(text)).measurements;
  } catch {
    return [];
  }
}

/**
 * Adds measurements, each in the place of an older one of the same model, device and surroundings.
 *
 * @throws VeerError OUTPUT_NOT_WRITABLE; what was stored stays
 */
export async function storeMeasurements(
  path: string,
  measured: readonly DeviceMeasurement[],
): Promise<void> {
  const keys = new Set(measured.map(keyOf));
  const others = (await readMeasurements(path)).filter((one) => !keys.has(keyOf(one)));
  const file: z.infer<typeof fileSchema> = {
    format: 'veer-device-measurements',
    version: 1,
    measurements: [...others, ...measured],
  };
  const temporary = `${path}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(temporary, `${JSON.stringify(file, null, 2)}\n`, { flush: true });
    await rename(temporary, path);
  } catch (cause) {
    throw new VeerError(
      'OUTPUT_NOT_WRITABLE',
      `The measurements cannot be stored (${causeMessage(cause)}). Check the space and the rights of the data folder.`,
      { cause },
    );
  }
}

function keyOf(one: DeviceMeasurement): string {
  return [one.encoderSha256, one.decoderSha256, one.device, one.adapter, one.runtime].join('\n');
}
