/**
 * Reads how much audio a wav file says it holds. FFmpeg forgets that number when the file is
 * shorter, so a wav that was cut while it was copied would look healthy.
 *
 * Source: Microsoft/IBM "Multimedia Programming Interface and Data Specifications 1.0" (RIFF) and
 * EBU Tech 3306 (RF64).
 */

/**
 * Programs that write into a pipe cannot know the size and put a placeholder there: 0xFFFFFFFF
 * (FFmpeg), 0x7FFFF000 (espeak), 0x7FFFFFxx (sox), or 0.
 */
const PLACEHOLDERS_FROM = 0x7ff0_0000;

/**
 * Seconds of audio that a wav header declares.
 * @param head the first bytes of the file
 * @param fileSize size of the whole file in bytes
 * @returns null when this is no wav file, its header is not understood, or it declares no size
 */
export function declaredWavSeconds(head: Buffer, fileSize: number): number | null {
  const mark = head.toString('latin1', 0, 4);
  if ((mark !== 'RIFF' && mark !== 'RF64') || head.toString('latin1', 8, 12) !== 'WAVE')
    return null;
  let byteRate = 0;
  let longSize: bigint | null = null;
  for (let at = 12; at + 8 <= head.length; ) {
    const id = head.toString('latin1', at, at + 4);
    const size = head.readUInt32LE(at + 4);
    const body = at + 8;
    if (id === 'ds64' && body + 16 <= head.length) longSize = head.readBigUInt64LE(body + 8);
    if (id === 'fmt ' && body + 14 <= head.length) byteRate = constantByteRate(head, body);
    if (id === 'data') {
      if (byteRate === 0) return null;
      const bytes = mark === 'RF64' && longSize !== null ? Number(longSize) : size;
      // A true 2 GB wav exists: its file is that long. A placeholder's file is not.
      if (
        bytes === 0 ||
        (mark === 'RIFF' && bytes >= PLACEHOLDERS_FROM && body + bytes > fileSize)
      ) {
        return null;
      }
      return bytes / byteRate;
    }
    at = body + size + (size % 2);
  }
  return null;
}

/**
 * Bytes per second of formats that give each sample a fixed number of bytes; 0 for all others:
 * programs write just any number there for compressed sound.
 */
function constantByteRate(head: Buffer, body: number): number {
  const samplingRate = head.readUInt32LE(body + 4);
  const byteRate = head.readUInt32LE(body + 8);
  const frameBytes = head.readUInt16LE(body + 12);
  return byteRate === samplingRate * frameBytes ? byteRate : 0;
}
