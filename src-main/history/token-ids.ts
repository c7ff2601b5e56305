/** Token ids as they are stored: unsigned 32-bit numbers, little-endian. */

/** @param ids 0 to 2^32 − 1 */
export function encodeTokenIds(ids: readonly number[]): Buffer {
  const bytes = Buffer.alloc(ids.length * 4);
  ids.forEach((id, i) => {
    bytes.writeUInt32LE(id, i * 4);
  });
  return bytes;
}

export function decodeTokenIds(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(i * 4));
}
