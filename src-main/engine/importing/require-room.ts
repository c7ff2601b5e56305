/** Whether a disk has room, before anything is written to it. */

import { statfs } from 'node:fs/promises';
import { VeerError } from '../../contract/errors.ts';

/** Bytes that are left free, for the history and for what else is written. */
const RESERVE = 256 * 2 ** 20;

/** @throws VeerError DISK_FULL with both numbers */
export async function requireRoom(directory: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  if (bytes + RESERVE <= free) return;
  throw new VeerError(
    'DISK_FULL',
    `The model needs ${megabytes(bytes)} MB, and ${megabytes(free)} MB are free on the disk of the data folder, of which ${megabytes(RESERVE)} MB are left free. Make room, or choose fewer dtypes.`,
  );
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0);
}
